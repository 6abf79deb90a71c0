/** What someone may put in the place of a documented value. `undefined` stands for leaving it out. */
export const ODD_VALUES: readonly unknown[] = [
  undefined,
  null,
  '',
  ' ',
  'text',
  '5',
  '\0\ud800',
  5,
  0,
  -1,
  30.5,
  1e12,
  1e300,
  // What JSON.parse makes of 1e999.
  Infinity,
  true,
  false,
  'true',
  [],
  [null],
  ['text', 5],
  {},
  { nested: [{}] },
  [{ nested: {} }],
  { id: {}, toString: null, constructor: 1 },
];

export type JsonPath = readonly (string | number)[];

/** The path of every value inside a value of JSON. */
export function* pathsIn(value: unknown, base: JsonPath = []): Generator<JsonPath> {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    const path = [...base, Array.isArray(value) ? Number(key) : key];
    yield path;
    yield* pathsIn(inner, path);
  }
}

/** A copy with another value at a path; without the field if the value is undefined. */
export function withValueAt(whole: object, path: JsonPath, value: unknown): object {
  // Not structuredClone: two fields may hold the same object, and only one of them changes.
  const copy = JSON.parse(JSON.stringify(whole)) as object;
  let place = copy as Record<string | number, unknown>;
  for (const key of path.slice(0, -1)) place = place[key] as Record<string | number, unknown>;
  const key = path.at(-1) ?? '';
  if (value !== undefined) place[key] = value;
  else if (Array.isArray(place)) place.splice(Number(key), 1);
  // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- a copy that the caller owns
  else delete place[key];
  return copy;
}

/** The values of JSON that hold no others, by their paths, such as `edges.0.node.id`. */
export function leavesOf(value: unknown, path = ''): Map<string, unknown> {
  const inner = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  if (inner.length === 0) return new Map([[path, value]]);
  return new Map(inner.flatMap(([key, part]) => [...leavesOf(part, path === '' ? key : `${path}.${key}`)]));
}

/** The paths at which two values of JSON differ. */
export function differences(one: unknown, other: unknown): string[] {
  if (JSON.stringify(one) === JSON.stringify(other)) return [];
  const [left, right] = [leavesOf(one), leavesOf(other)];
  const paths = new Set([...left.keys(), ...right.keys()]);
  return [...paths].filter((path) => JSON.stringify(left.get(path)) !== JSON.stringify(right.get(path)));
}

import { type z } from 'zod';

/** A value that was read in spite of what was wrong with it. */
export interface LenientResult<T> {
  value: T;
  /** What was converted or left out, such as `meetings.*.duration`. Names of fields only, never a value. */
  oddities: string[];
}

type Path = readonly PropertyKey[];
type Container = Record<PropertyKey, unknown>;

/** Each round mends or leaves out a part; data that needs more rounds is not of this kind at all. */
const MAX_ROUNDS = 20;

/**
 * Reads data of somebody else by a schema that says what is documented, and keeps as much of it as can be kept. A value
 * of another type than documented is converted if its meaning is certain (`"60"` for 60, 60 for `"60"`, `"true"` for
 * true). Else it is left out: an optional field alone, an element of a list without the other elements, a required
 * field together with the object that needs it. Undefined when that object is the whole.
 * `data` itself is not changed.
 */
export function parseLeniently<T>(schema: z.ZodType<T>, data: unknown): LenientResult<T> | undefined {
  const root = { data };
  const oddities = new Set<string>();
  for (let round = 0; round <= MAX_ROUNDS; round++) {
    const result = schema.safeParse(root.data);
    if (result.success) return { value: result.data, oddities: [...oddities] };
    if (round === 0) root.data = structuredClone(data);
    for (const { path } of result.error.issues) oddities.add(nameOf(path));
    if (!mendAll(root, result.error.issues)) return undefined;
  }
  return undefined;
}

/** False if something is missing without which the whole has no meaning. */
function mendAll(root: { data: unknown }, issues: readonly z.core.$ZodIssue[]): boolean {
  const shortened = new Set<unknown[]>();
  // A value can be wrong in two ways at once, such as -0.5 for a count. The first tells what to do with it.
  const firstAtPath = new Map(issues.toReversed().map((issue) => [issue.path.map(String).join('\0'), issue]));
  const isMended = [...firstAtPath.values()].every((issue) =>
    mend(root, ['data', ...issue.path], 'expected' in issue ? issue.expected : undefined, shortened),
  );
  // Only now, so that the indexes of all issues were those of the list as it was.
  for (const list of shortened) list.splice(0, Infinity, ...list.filter((element) => element !== undefined));
  return isMended;
}

/** Converts or leaves out the value at `path`. */
function mend(root: object, path: Path, expected: string | undefined, shortened: Set<unknown[]>): boolean {
  const key = path.at(-1);
  if (path.length <= 1 || key === undefined) return false;
  const container = containerOf(root, path);
  // An earlier issue has removed what this one is about.
  if (!container) return true;
  const value = container[key];
  const converted = convert(value, expected);
  if (converted !== undefined) container[key] = converted;
  else if (Array.isArray(container)) {
    container[Number(key)] = undefined;
    shortened.add(container);
  } else if (value === undefined) return mend(root, path.slice(0, -1), undefined, shortened);
  else container[key] = undefined;
  return true;
}

function containerOf(root: object, path: Path): Container | undefined {
  let place: unknown = root;
  for (const key of path.slice(0, -1)) place = isContainer(place) ? place[key] : undefined;
  return isContainer(place) ? place : undefined;
}

function isContainer(value: unknown): value is Container {
  return typeof value === 'object' && value !== null;
}

const NUMBER = /^-?\d+(\.\d+)?$/;
const FLAGS = new Map<unknown, boolean>([
  ['true', true],
  ['false', false],
  ['1', true],
  ['0', false],
  [1, true],
  [0, false],
]);

/** The value in the expected type; undefined if its meaning is not certain. */
function convert(value: unknown, expected: string | undefined): unknown {
  if (expected === 'string') return typeof value === 'number' ? String(value) : undefined;
  if (expected === 'boolean') return FLAGS.get(typeof value === 'string' ? value.toLowerCase() : value);
  if (expected !== 'number' && expected !== 'int') return undefined;
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const text = String(value).trim();
  if (!NUMBER.test(text)) return undefined;
  return expected === 'int' ? Math.round(Number(text)) : Number(text);
}

/** The path with `*` for the index of an element. */
function nameOf(path: Path): string {
  return path.map((key) => (typeof key === 'number' ? '*' : String(key))).join('.');
}

/** An index: its fields in order, and its options. */
export type IndexSpec = readonly [fields: Readonly<Record<string, unknown>>, options: IndexOptions];

/** The options of an index that change what the database guarantees. */
interface IndexOptions {
  unique?: unknown;
  sparse?: unknown;
  partialFilterExpression?: unknown;
  expireAfterSeconds?: unknown;
}

/** The wanted indexes that do not exist with the same fields and the same guarantees. Names do not count. */
export function missingIndexes(wanted: readonly IndexSpec[], existing: readonly IndexSpec[]): IndexSpec[] {
  const present = new Set(existing.map(meaningOf));
  return wanted.filter((index) => !present.has(meaningOf(index)));
}

function meaningOf([
  fields,
  { unique, sparse, partialFilterExpression, expireAfterSeconds },
]: IndexSpec): string {
  return JSON.stringify([
    Object.entries(fields),
    unique === true,
    sparse === true,
    partialFilterExpression ?? null,
    expireAfterSeconds ?? null,
  ]);
}

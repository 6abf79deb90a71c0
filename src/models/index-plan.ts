import { isDeepStrictEqual } from 'node:util';

/** An index as MongoDB describes it. */
export interface IndexDefinition {
  name: string;
  key: Record<string, unknown>;
  unique?: boolean | undefined;
  sparse?: boolean | undefined;
  partialFilterExpression?: object | undefined;
  /** Seconds; only a TTL index has it. */
  expireAfterSeconds?: number | undefined;
}

/** What is to be done about the indexes of one collection. */
export interface IndexPlan {
  create: IndexDefinition[];
  /** An index of this name exists and is another one. */
  differing: IndexDefinition[];
  /** Indexes that a former release has created and that this one replaces. */
  replaced: IndexDefinition[];
  /** Indexes that this release does not use. */
  unused: IndexDefinition[];
}

const ID_INDEX = '_id_';

/** Compares the wanted indexes of a collection with those that exist. `former`: those of a former release. */
export function planIndexes(
  wanted: readonly IndexDefinition[],
  existing: readonly IndexDefinition[],
  former: readonly IndexDefinition[] = [],
): IndexPlan {
  const missing = wanted.filter((index) => !existing.some((other) => isSameIndex(index, other)));
  const isTaken = ({ name }: IndexDefinition) => existing.some((other) => other.name === name);
  const others = existing.filter(
    (index) => index.name !== ID_INDEX && !wanted.some((each) => isSameIndex(each, index)),
  );
  const isReplaced = (index: IndexDefinition) =>
    former.some((each) => each.name === index.name && isSameIndex(each, index));
  return {
    create: missing.filter((index) => !isTaken(index)),
    differing: missing.filter(isTaken),
    replaced: others.filter(isReplaced),
    unused: others.filter((index) => !isReplaced(index) && !missing.some(({ name }) => name === index.name)),
  };
}

/** Whether two indexes do the same. Their names may differ: MongoDB keeps one index of a definition. */
export function isSameIndex(one: IndexDefinition, other: IndexDefinition): boolean {
  return isDeepStrictEqual(essenceOf(one), essenceOf(other));
}

/** The order of the fields of a key matters, that of the fields of a condition does not. */
function essenceOf({ key, unique, sparse, partialFilterExpression, expireAfterSeconds }: IndexDefinition) {
  return {
    key: Object.entries(key).map(([field, order]) => [field, Number(order)]),
    unique: unique ?? false,
    sparse: sparse ?? false,
    partialFilterExpression: plain(partialFilterExpression),
    expireAfterSeconds,
  };
}

/** A condition without the number types of BSON and without prototypes. */
function plain(condition: object | undefined): unknown {
  return condition && (JSON.parse(JSON.stringify(condition)) as unknown);
}

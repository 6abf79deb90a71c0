import { type Model, mongo } from 'mongoose';
import { GRANTS_COLLECTION } from './own-grant.js';
import { SCHEMA_VERSION } from './schema-version.js';

/** What distinguishes a row of others from one of ours. */
export interface RowMarks {
  grantGeneration?: unknown;
  schemaVersion?: unknown;
}

/** The rows of one collection that this release neither reads nor changes. */
export interface ForeignRows {
  collection: string;
  /** Rows without the fields that every grant of ours has, such as those of the former project. */
  formerProject: number;
  /** Rows of a newer release. */
  otherVersion: number;
  /** False: there are at least so many. */
  isComplete: boolean;
}

/** Counting ends at this number of rows of a collection, and after this time. */
const MOST_COUNTED = 1_000;
const COUNTING_MS = 500;
const MARKS_ONLY = { projection: { grantGeneration: 1, schemaVersion: 1 } };

const OTHER_VERSION = [
  { schemaVersion: { $gt: SCHEMA_VERSION } },
  { schemaVersion: { $lt: SCHEMA_VERSION } },
  { schemaVersion: { $gt: '' } },
];
/** A grant of ours counts its generations from 1. */
const NO_GENERATION = [
  { grantGeneration: null },
  { grantGeneration: { $lt: 1 } },
  { grantGeneration: { $gt: '' } },
];

/** Whose row it is. */
export function kindOfRow(
  { grantGeneration, schemaVersion }: RowMarks,
  isGrant: boolean,
): 'ours' | 'former project' | 'other version' {
  if (schemaVersion !== undefined && schemaVersion !== null && schemaVersion !== SCHEMA_VERSION)
    return 'other version';
  const isOurs = !isGrant || (typeof grantGeneration === 'number' && grantGeneration > 0);
  return isOurs ? 'ours' : 'former project';
}

/**
 * Counts the rows of a model's collection that are not ours: at most a thousand, and for half a second. In a large
 * collection without an index for it, it then looks at the oldest and the newest rows, which says "at least".
 */
export async function countForeignRows(model: Model<unknown>): Promise<ForeignRows> {
  const { collection } = model;
  const isGrant = collection.collectionName === GRANTS_COLLECTION;
  const read = async (filter: object, order: 1 | -1) => {
    try {
      const found = await collection
        // One batch holds them all.
        .find(filter, { ...MARKS_ONLY, maxTimeMS: COUNTING_MS, batchSize: MOST_COUNTED + 2 })
        .sort({ _id: order })
        .limit(MOST_COUNTED + 1)
        .toArray();
      return found as (RowMarks & { _id: unknown })[];
    } catch (error) {
      // Time is over. Whatever else a server refuses, the start does not depend on a number.
      if (error instanceof mongo.MongoServerError) return undefined;
      throw error;
    }
  };
  const found = await read({ $or: isGrant ? [...OTHER_VERSION, ...NO_GENERATION] : OTHER_VERSION }, 1);
  const rows = found ?? uniqueRows([...((await read({}, 1)) ?? []), ...((await read({}, -1)) ?? [])]);
  const count = (wanted: string) => rows.filter((row) => kindOfRow(row, isGrant) === wanted).length;
  return {
    collection: collection.collectionName,
    formerProject: Math.min(count('former project'), MOST_COUNTED),
    otherVersion: Math.min(count('other version'), MOST_COUNTED),
    isComplete: found !== undefined && found.length <= MOST_COUNTED,
  };
}

function uniqueRows<Row extends { _id: unknown }>(rows: Row[]): Row[] {
  return [...new Map(rows.map((row) => [String(row._id), row])).values()];
}

/** The counts as one line for people: "useroauthtokens: 2 of another project; ...". Undefined: there are none. */
export function describeForeignRows(counts: readonly ForeignRows[]): string | undefined {
  const parts = counts.flatMap(({ collection, formerProject, otherVersion, isComplete }) => {
    const number = (count: number) => `${isComplete ? '' : 'at least '}${count}`;
    return [
      ...(formerProject > 0 ? [`${collection}: ${number(formerProject)} of another project`] : []),
      ...(otherVersion > 0 ? [`${collection}: ${number(otherVersion)} of another release`] : []),
    ];
  });
  return parts.length > 0 ? parts.join('; ') : undefined;
}

import { type Model, mongo } from 'mongoose';
import { StartError } from '../lib/start-error.js';
import { type IndexDefinition, planIndexes } from './index-plan.js';

/** Something about an index that the operator should know. The server works without it. */
export interface IndexFinding {
  collection: string;
  index: string;
  /** `not built`: the database refused it. `unused`: this release does not use it. */
  problem: 'other options' | 'not built' | 'not dropped' | 'unused';
  /** The command of the MongoDB shell that removes what is in the way. */
  remedy?: string;
}

const NAMESPACE_NOT_FOUND = 26;
/** An index of the same name or key exists with other options. */
const CONFLICTS = new Set<unknown>([85, 86]);
const DUPLICATE_KEY = 11000;

/**
 * The unique index on the Zoom user as version 0.1 builds it. It holds rows of others too, and those must not keep a user
 * from connecting. Version 0.1 builds it again when it starts.
 */
const REPLACED: Readonly<Record<string, IndexDefinition[]>> = {
  useroauthtokens: [
    {
      name: 'zoomUserId_active',
      key: { zoomUserId: 1 },
      unique: true,
      partialFilterExpression: { isActive: true, zoomUserId: { $exists: true } },
    },
  ],
};

/**
 * Builds the indexes of a model that are missing, and drops those of a former release that are replaced. Indexes of others
 * stay as they are. The right to create indexes is needed only while one is missing. A unique index keeps two users
 * apart, so the server does not start without it; any other index makes it fast, and `onFinding` hears of what is wrong.
 * @throws StartError when a unique index exists with other options, or the database refuses to build it
 */
export async function buildIndexes(
  model: Model<unknown>,
  onFinding: (finding: IndexFinding) => void = () => undefined,
): Promise<void> {
  const collection = model.collection.collectionName;
  const existing = await existingIndexes(model);
  const plan = planIndexes(wantedIndexes(model), existing, REPLACED[collection]);
  const report = (problem: IndexFinding['problem'], index: string, isRemovable = true) => {
    onFinding({
      collection,
      index,
      problem,
      ...(isRemovable && { remedy: dropCommand(collection, index) }),
    });
  };
  for (const index of plan.create) {
    const outcome = await build(model, index);
    if (outcome === 'other options') plan.differing.push(index);
    if (outcome === 'refused') report('not built', index.name, false);
  }
  for (const { name, unique } of plan.differing) {
    if (unique) throw otherOptions(collection, name);
    report('other options', name);
  }
  for (const { name } of plan.replaced)
    await model.collection.dropIndex(name).catch(() => {
      report('not dropped', name);
    });
  for (const { name } of plan.unused) report('unused', name);
}

/** @throws StartError when a unique index is refused, and the error of a database that does not answer */
async function build(
  model: Model<unknown>,
  { key, ...options }: IndexDefinition,
): Promise<'built' | 'other options' | 'refused'> {
  try {
    await model.collection.createIndex(key as Record<string, 1 | -1>, options as mongo.CreateIndexesOptions);
    return 'built';
  } catch (error) {
    if (!(error instanceof mongo.MongoServerError)) throw error;
    if (CONFLICTS.has(error.code)) return 'other options';
    if (!options.unique) return 'refused';
    throw new StartError(refusalOf(model.collection.collectionName, options.name, error));
  }
}

/** The values in a message of MongoDB are those of users, so it is not quoted. */
function refusalOf(collection: string, index: string, { code, codeName }: mongo.MongoServerError): string {
  const why =
    code === DUPLICATE_KEY ? 'two documents have the same key' : (codeName ?? `code ${String(code)}`);
  return `MONGODB_URI: the indexes of the collection ${collection} cannot be built: ${index} (${why})`;
}

function otherOptions(collection: string, index: string): StartError {
  return new StartError(
    `MONGODB_URI: the collection ${collection} has an index ${index} with other options, and the server needs its own. ` +
      `Drop it while no server runs, and start again: ${dropCommand(collection, index)}`,
  );
}

function dropCommand(collection: string, index: string): string {
  return `db.${collection}.dropIndex(${JSON.stringify(index)})`;
}

/** The indexes that the schema of a model declares. */
function wantedIndexes(model: Model<unknown>): IndexDefinition[] {
  // Typegoose hides the type of a schema that it has built.
  const schema = model.schema as { indexes(): [Record<string, unknown>, Partial<IndexDefinition>][] };
  return schema
    .indexes()
    .map(([key, { name, unique, sparse, partialFilterExpression, expireAfterSeconds }]) => ({
      name: name ?? Object.entries(key).flat().join('_'),
      key,
      ...(unique && { unique }),
      ...(sparse && { sparse }),
      ...(partialFilterExpression && { partialFilterExpression }),
      ...(expireAfterSeconds !== undefined && { expireAfterSeconds }),
    }));
}

async function existingIndexes(model: Model<unknown>): Promise<IndexDefinition[]> {
  try {
    return (await model.collection.listIndexes().toArray()) as IndexDefinition[];
  } catch (error) {
    // A collection that does not exist yet. A user who may not list indexes may still create them.
    if (
      error instanceof mongo.MongoServerError &&
      [NAMESPACE_NOT_FOUND, 13, 8000].includes(Number(error.code))
    )
      return [];
    throw error;
  }
}

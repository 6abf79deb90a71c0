import { type Model, mongo } from 'mongoose';
import { StartError } from '../lib/start-error.js';
import { type IndexSpec, missingIndexes } from './index-check.js';

/** MongoDB's codes for a command that the user has no right to. */
const NO_RIGHT = new Set<unknown>([13, 8000]);

/**
 * Builds the indexes of a collection. A user without the right to `createIndexes` is enough while all of them are there.
 * @throws StartError naming the collection
 */
export async function buildIndexes(model: Model<unknown>): Promise<void> {
  try {
    await model.createIndexes();
  } catch (error) {
    if (!(error instanceof mongo.MongoServerError)) throw error;
    const missing = NO_RIGHT.has(error.code) ? await missingOf(model) : undefined;
    if (missing?.length === 0) return;
    throw new StartError(problemOf(model.collection.collectionName, error.codeName, missing));
  }
}

/** The indexes that are not there; undefined when the user may not even list them. */
async function missingOf(model: Model<unknown>): Promise<IndexSpec[] | undefined> {
  try {
    const existing = await model.collection.indexes();
    // Typegoose hides the type of a schema that it has built.
    const schema = model.schema as { indexes(): unknown };
    return missingIndexes(
      schema.indexes() as IndexSpec[],
      existing.map((index) => [index.key as Record<string, unknown>, index]),
    );
  } catch {
    return undefined;
  }
}

function problemOf(collection: string, codeName = 'unknown', missing: IndexSpec[] = []): string {
  const which = missing.map(([fields]) => Object.keys(fields).join('+')).join(', ');
  return `MONGODB_URI: the indexes of the collection ${collection} cannot be built (${codeName})${which && `: ${which}`}`;
}

import { prop } from '@typegoose/typegoose';
import type mongoose from 'mongoose';

/**
 * The version of the stored documents, one number for all collections. Every document that this release creates carries
 * it. It is raised when a release changes documents so that the release before could not read them.
 */
export const SCHEMA_VERSION = 1;

/** Matches the documents that this release reads. Those without a number are older than the number: version 1. */
export const READABLE_VERSION = { schemaVersion: { $in: [null, SCHEMA_VERSION] } };

/** A document that carries its version. */
export class VersionedRow {
  /** Absent: version 1. */
  @prop({ type: Number, default: SCHEMA_VERSION })
  schemaVersion?: number;
}

const OPERATIONS_WITH_FILTER = [
  'find',
  'findOne',
  'findOneAndUpdate',
  'findOneAndDelete',
  'findOneAndReplace',
  'updateOne',
  'updateMany',
  'replaceOne',
  'deleteOne',
  'deleteMany',
  'countDocuments',
  'distinct',
] as const;

/**
 * Adds `conditions` to the filter of every operation of the schema's model, so that no operation meets a document that
 * does not satisfy them. A field that the operation itself names stays as it is. Operations of the driver's own
 * collection (`model.collection`) are not covered.
 */
export function restrictTo(schema: mongoose.Schema, conditions: Readonly<Record<string, object>>): void {
  schema.pre(
    [...OPERATIONS_WITH_FILTER],
    { query: true, document: false },
    function (this: mongoose.Query<unknown, unknown>) {
      const filter = this.getFilter();
      for (const [field, condition] of Object.entries(conditions))
        if (!(field in filter)) this.where(field, condition);
    },
  );
}

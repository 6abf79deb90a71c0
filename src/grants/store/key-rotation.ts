import { type Model } from 'mongoose';
import { type Models } from '../../models/database.js';
import { countForeignRows, type ForeignRows } from '../../models/foreign-rows.js';
import { READABLE_VERSION } from '../../models/schema-version.js';
import { OWN_GRANT } from '../../models/own-grant.js';
import { type SealBinding, type TokenCipher } from '../token-cipher.js';

/** The progress of a pass over one collection. */
export interface RotationProgress {
  collection: string;
  /** Rows looked at so far. */
  rows: number;
  /** Rows in the collection when the pass began. */
  total: number;
  /** Values sealed anew so far. */
  resealed: number;
}

/** A value that cannot be opened. */
export interface RefusedValue {
  collection: string;
  userId: string;
  field: string;
  error: unknown;
}

export interface RotationResult {
  /** Values sealed anew. */
  resealed: number;
  /** Values that cannot be opened. They were left as they are. */
  refused: RefusedValue[];
  /** False when a server was still sealing with an older key while this ran. */
  settled: boolean;
  /** Rows that are not ours. They were left as they are. */
  skipped: ForeignRows[];
}

export interface RotationDependencies {
  models: Pick<Models, 'grants' | 'pendingRevocations' | 'authorizationRequests'>;
  cipher: TokenCipher;
  onProgress: (progress: RotationProgress) => void;
  batchSize?: number;
}

type Field = SealBinding['field'];
type Found = Pick<RotationResult, 'resealed' | 'refused'>;
interface Row {
  _id: unknown;
  userId: string;
  values: Partial<Record<Field, string>>;
}

const SEALED_FIELDS = {
  grants: ['zoomAccessToken', 'zoomRefreshToken'],
  pendingRevocations: ['zoomAccessToken', 'zoomRefreshToken'],
  authorizationRequests: ['codeVerifier'],
} as const satisfies Partial<Record<keyof Models, readonly Field[]>>;
type SealedCollection = keyof typeof SEALED_FIELDS;

const BATCH_SIZE = 200;
/** The second pass finds what was sealed with the old key during the first. If a third finds more, some server still uses the old key. */
const MOST_PASSES = 3;

/**
 * Seals every stored value again with the first key of the ring, while servers run. A value is replaced only if it is
 * still the one that was read, so a concurrent refresh is never overwritten. Values that are done are recognised by
 * their key id, so an interrupted rotation can simply be started again.
 */
export class KeyRotation {
  constructor(private readonly dependencies: RotationDependencies) {}

  /** Rejects when the database is away. */
  async run(): Promise<RotationResult> {
    const result: RotationResult = { resealed: 0, refused: [], settled: false, skipped: [] };
    for (let pass = 0; pass < MOST_PASSES && !result.settled; pass++) {
      const found: Found = { resealed: 0, refused: [] };
      for (const collection of Object.keys(SEALED_FIELDS) as SealedCollection[])
        await this.#pass(collection, found);
      result.resealed += found.resealed;
      result.refused = found.refused;
      result.settled = found.resealed === 0;
    }
    result.skipped = await this.#skipped();
    return result;
  }

  async #skipped(): Promise<ForeignRows[]> {
    const { models } = this.dependencies;
    const counts = Object.keys(SEALED_FIELDS).map((name) =>
      countForeignRows(models[name as SealedCollection] as unknown as Model<unknown>),
    );
    return (await Promise.all(counts)).filter(
      ({ formerProject, otherVersion }) => formerProject + otherVersion > 0,
    );
  }

  async #pass(collection: SealedCollection, found: Found): Promise<void> {
    const { models, onProgress, batchSize = BATCH_SIZE } = this.dependencies;
    const total = await models[collection].collection.estimatedDocumentCount();
    const resealedBefore = found.resealed;
    let rows = 0;
    for (let last: unknown; ;) {
      const batch = await this.#read(collection, last === undefined ? {} : { _id: { $gt: last } }, batchSize);
      for (const row of batch) await this.#reseal(collection, row, found);
      rows += batch.length;
      const resealed = found.resealed - resealedBefore;
      onProgress({ collection, rows, total: Math.max(total, rows), resealed });
      if (batch.length < batchSize) return;
      last = batch.at(-1)?._id;
    }
  }

  /** Works on one row until it is done. When the row has changed meanwhile, it is read again. */
  async #reseal(collection: SealedCollection, row: Row, found: Found): Promise<void> {
    let current: Row | undefined = row;
    while (current) {
      const { sealed, refused } = await this.#sealAnew(collection, current);
      const fields = Object.keys(sealed) as Field[];
      if (fields.length === 0) {
        found.refused.push(...refused);
        return;
      }
      const { values } = current;
      const unchanged = Object.fromEntries(fields.map((field) => [field, values[field]]));
      const { matchedCount } = await this.dependencies.models[collection].collection.updateOne(
        { _id: current._id as never, ...unchanged },
        { $set: sealed },
      );
      found.resealed += matchedCount * fields.length;
      [current] = await this.#read(collection, { _id: current._id }, 1);
    }
  }

  /** The values of a row that another key has sealed, sealed with the first key. */
  async #sealAnew(collection: SealedCollection, { userId, values }: Row) {
    const { cipher } = this.dependencies;
    const sealed: Row['values'] = {};
    const refused: RefusedValue[] = [];
    for (const [field, value] of Object.entries(values) as [Field, string][]) {
      try {
        if (!cipher.isCurrent(value))
          sealed[field] = await cipher.seal(await cipher.open(value, { userId, field }), { userId, field });
      } catch (error) {
        refused.push({ collection, userId, field, error });
      }
    }
    return { sealed, refused };
  }

  async #read(collection: SealedCollection, filter: object, limit: number): Promise<Row[]> {
    const fields = SEALED_FIELDS[collection];
    const projection = Object.fromEntries(['userId', ...fields].map((field) => [field, 1]));
    const ours = collection === 'grants' ? OWN_GRANT : READABLE_VERSION;
    const rows = await this.dependencies.models[collection].collection
      .find({ ...ours, ...filter }, { projection })
      .sort({ _id: 1 })
      .limit(limit)
      .toArray();
    return rows.map(({ _id, userId, ...values }) => ({
      _id,
      userId: userId as string,
      values: values,
    }));
  }
}

import { type AppToken } from '../models/app-token.js';
import { type Models } from '../models/database.js';
import { type TransientCode } from '../grants/grant.js';
import { type Sealed } from '../grants/token-cipher.js';

const DUPLICATE_KEY = 11000;

/** A token ready to be stored. */
export interface SealedAppToken {
  accessToken: Sealed;
  expiresAt: Date;
  scopes: string[];
  apiUrl?: string;
}

/**
 * The row of the app's token. The lease keeps instances from asking Zoom twice and is timed by the database's clock
 * (`$$NOW`); the version guards the write.
 */
export class AppTokenStore {
  constructor(
    private readonly models: Models,
    private readonly id: string,
    private readonly leaseTtlMs: number,
  ) {}

  /** The row; made on first use. */
  async read(): Promise<AppToken> {
    return (await this.#find()) ?? (await this.#begin());
  }

  /** Takes the lease if the row still stands at `version` and nobody holds one, by the database's clock. */
  async acquireLease(version: number, owner: string): Promise<boolean> {
    const standing: object = { _id: this.id, version };
    const free = { $lte: [{ $ifNull: ['$lease.expiresAt', new Date(0)] }, '$$NOW'] };
    const lease = { owner: { $literal: owner }, expiresAt: { $add: ['$$NOW', this.leaseTtlMs] } };
    const row = (await this.models.appTokens.collection.findOneAndUpdate(
      standing,
      [{ $set: { lease: { $cond: [/* defence: app-token-lease-is-free */ free, lease, '$lease'] } } }],
      { returnDocument: 'after' },
    )) as unknown as AppToken | null;
    return row?.lease?.owner === owner;
  }

  /** Stores the token that was asked for at `version`. False when another is stored by now; both are good then. */
  async store(version: number, token: SealedAppToken): Promise<boolean> {
    const { matchedCount } = await this.models.appTokens.updateOne(
      { _id: this.id, version },
      { $set: { ...token, errorCount: 0 }, $inc: { version: 1 }, $unset: { lease: 1, backoff: 1 } },
    );
    return matchedCount === 1;
  }

  /** Gives the lease back after a failure. Does nothing if another holds it by now. */
  async release(owner: string, backoff: { code: TransientCode; retryAt: Date }): Promise<void> {
    await this.models.appTokens.updateOne(
      { _id: this.id, 'lease.owner': owner },
      { $set: { backoff }, $inc: { errorCount: 1 }, $unset: { lease: 1 } },
    );
  }

  async #find(): Promise<AppToken | undefined> {
    return (await this.models.appTokens.findById(this.id).lean()) ?? undefined;
  }

  async #begin(): Promise<AppToken> {
    const fresh = { _id: this.id, version: 0, errorCount: 0 };
    try {
      await this.models.appTokens.create(fresh);
    } catch (error) {
      if ((error as { code?: unknown }).code !== DUPLICATE_KEY) throw error;
    }
    return (await this.#find()) ?? fresh;
  }
}

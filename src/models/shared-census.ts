import { type Connection } from 'mongoose';
import { isDuplicateKey } from '../lib/duplicate-key.js';

/** How often one of the instances counts. */
export const CENSUS_EVERY_MS = 300_000;

interface Row {
  _id: string;
  dueAt: Date;
  takenAt?: Date;
  /** JSON, since the instances that read it may be of another version than the one that wrote it. */
  samples?: string;
}

/** What was counted, and when (UTC). The samples may be those of another version of this server. */
export interface StoredCensus {
  takenAt: Date;
  samples: unknown;
}

const ID = 'census';

/**
 * The last census, which all instances share: one of them counts every five minutes, and the others read what it found.
 * If it dies over the count, another one counts five minutes later.
 */
export class SharedCensus {
  constructor(private readonly connection: Connection) {}

  /**
   * Calls `take` and stores what it resolves with if a census is due and no other instance has begun it. Resolves with
   * the stored census; undefined: there is none yet. Rejects with the error of `take`, or when the database is away.
   */
  async refresh(now: Date, take: () => Promise<unknown>): Promise<StoredCensus | undefined> {
    const rows = this.connection.collection<Row>('census');
    const stored = await rows.findOne({ _id: ID });
    if (stored && !isDue(stored.dueAt, now)) return censusOf(stored);
    if (!(await this.#claim(now, stored?.dueAt))) return censusOf(stored);
    const samples = await take();
    await rows.updateOne({ _id: ID }, { $set: { takenAt: now, samples: JSON.stringify(samples) } });
    return { takenAt: now, samples };
  }

  /** Only one of those who have read the same row succeeds. */
  async #claim(now: Date, read: Date | undefined): Promise<boolean> {
    const rows = this.connection.collection<Row>('census');
    const dueAt = new Date(now.getTime() + CENSUS_EVERY_MS);
    try {
      if (read === undefined) return (await rows.insertOne({ _id: ID, dueAt })).acknowledged;
      return (await rows.updateOne({ _id: ID, dueAt: read }, { $set: { dueAt } })).modifiedCount === 1;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }
}

/** A time further ahead than one pause was written by a clock that was wrong. */
function isDue(dueAt: Date, now: Date): boolean {
  return dueAt <= now || dueAt.getTime() > now.getTime() + CENSUS_EVERY_MS;
}

function censusOf(row: Row | null): StoredCensus | undefined {
  if (!row?.takenAt || row.samples === undefined) return undefined;
  return { takenAt: row.takenAt, samples: JSON.parse(row.samples) as unknown };
}

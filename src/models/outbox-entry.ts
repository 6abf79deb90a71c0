import { index, prop } from '@typegoose/typegoose';
import { VersionedRow } from './schema-version.js';

/** What an {@link Outbox} needs of its entries. */
@index({ dueAt: 1 })
export class OutboxEntry extends VersionedRow {
  @prop({ type: String, required: true })
  _id!: string;

  /** Tries since the entry was enqueued. */
  @prop({ type: Number, required: true })
  attempts!: number;

  /** When the next try is due (UTC). Absent: there is nothing to do. */
  @prop({ type: Date })
  dueAt?: Date;

  /** Names the claim of the worker that is trying now. A worker whose claim is not here any more is too late. */
  @prop({ type: String })
  claim?: string;
}

/** An entry as its worker holds it. */
export type Claimed<Entry extends OutboxEntry> = Entry & { claim: string };

import { index, modelOptions, prop } from '@typegoose/typegoose';

/** What the platform was told of a connection. */
export class Told {
  @prop({ type: String, required: true })
  status!: string;

  @prop({ type: String })
  reason?: string;

  /** Since when it is so (UTC). */
  @prop({ type: Date, required: true })
  since!: Date;
}

/**
 * How far the platform knows of one user's connection. It holds no message: what there is to tell is read from the grant
 * when it is sent, so that a late delivery tells what is true then.
 */
@modelOptions({ schemaOptions: { collection: 'announcements', versionKey: false } })
@index({ dueAt: 1 })
export class Announcement {
  /** The platform user. */
  @prop({ type: String, required: true })
  _id!: string;

  /** The last message that was delivered. */
  @prop({ type: () => Told, _id: false })
  told?: Told;

  /** How many messages have been delivered. */
  @prop({ type: Number, required: true })
  sequence!: number;

  /** How often there was something to look into: tells whether it happened again meanwhile. */
  @prop({ type: Number, required: true })
  changes!: number;

  /** Tries since the last change. */
  @prop({ type: Number, required: true })
  attempts!: number;

  /** When the next try is due (UTC); absent: nothing to tell. A worker moves it ahead before it tries. */
  @prop({ type: Date })
  dueAt?: Date;
}

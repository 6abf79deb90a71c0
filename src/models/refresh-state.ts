import { prop } from '@typegoose/typegoose';

/** The error codes of a refresh that failed and is retried. */
export const TRANSIENT_CODES = [
  'ZOOM_UNAVAILABLE',
  'ZOOM_RATE_LIMITED',
  'ZOOM_APP_MISCONFIGURED',
  'ZOOM_REFUSED',
] as const;

export type TransientCode = (typeof TRANSIENT_CODES)[number];

/** Who is refreshing now, and until when nobody else may (UTC, the database's clock). */
export class RefreshLease {
  @prop({ type: String, required: true })
  owner!: string;

  /** The owner whose lease had run out when this one was taken. */
  @prop({ type: String })
  formerOwner?: string | null;

  @prop({ type: Date, required: true })
  expiresAt!: Date;
}

/** Why refreshes pause, and until when (UTC). */
export class RefreshBackoff {
  @prop({ type: String, required: true, enum: TRANSIENT_CODES })
  code!: TransientCode;

  @prop({ type: Date, required: true })
  retryAt!: Date;
}

/** The last failure of a refresh that the audit trail keeps. */
export class RecordedFailure {
  @prop({ type: String, required: true })
  cause!: string;

  /** When it happened (UTC). */
  @prop({ type: Date, required: true })
  at!: Date;
}

/**
 * The doubt that is left when two attempts may have used one refresh token. Zoom accepts a used refresh token for a
 * short grace period and then keeps only the pair that it issued last, which may not be the stored one.
 */
export class RefreshContest {
  /** The stored tokens are in doubt while their `tokenVersion` is not above this. */
  @prop({ type: Number, required: true })
  upTo!: number;

  /** From then on one further refresh ends the doubt (UTC). */
  @prop({ type: Date, required: true })
  settleAt!: Date;
}

import { prop } from '@typegoose/typegoose';

/** Why Zoom refuses to refresh a token that it does not call dead: the grant is kept, and the refresh is retried. */
export const REFUSAL_CAUSES = ['REFRESH_REFUSED', 'SCOPES_CHANGED'] as const;

export type RefusalCause = (typeof REFUSAL_CAUSES)[number];

/**
 * The refusals since the last token set was stored. Failures in between in which Zoom refused nothing, such as outages,
 * leave it as it is.
 */
export class RefreshRefusal {
  /** What the last refusal said. */
  @prop({ type: String, required: true, enum: REFUSAL_CAUSES })
  cause!: RefusalCause;

  /** The first refusal (UTC). */
  @prop({ type: Date, required: true })
  since!: Date;

  /** The last refusal (UTC). */
  @prop({ type: Date, required: true })
  latest!: Date;

  /** Zoom's number in the last refusal. */
  @prop({ type: Number })
  zoomCode?: number;

  /** The last refusal names something that the user cannot change. */
  @prop({ type: Boolean, required: true })
  needsSupport!: boolean;
}

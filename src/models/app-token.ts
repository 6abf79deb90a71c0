import { modelOptions, prop, Severity } from '@typegoose/typegoose';
import { RefreshBackoff, RefreshLease } from './user-oauth-token.js';

/** The one access token of the Server-to-Server app, shared by every instance. Read and written by `_id` alone. */
@modelOptions({
  schemaOptions: { collection: 'apptokens', versionKey: false, minimize: false },
  options: { allowMixed: Severity.ERROR },
})
export class AppToken {
  /** Zoom's account id and client id of the app. */
  @prop({ type: String, required: true })
  _id!: string;

  /** Sealed (compact JWE); absent until the first one is there. */
  @prop({ type: String })
  accessToken?: string;

  @prop({ type: Date })
  expiresAt?: Date;

  @prop({ type: () => [String], default: undefined })
  scopes?: string[];

  /** Base URL that Zoom named for API calls; only ever a host of zoom.us. */
  @prop({ type: String })
  apiUrl?: string;

  /** Raised by each token that is stored; a write lands only on the version it was asked for. */
  @prop({ type: Number, required: true })
  version!: number;

  @prop({ type: Number, required: true })
  errorCount!: number;

  @prop({ type: () => RefreshLease, _id: false })
  lease?: RefreshLease;

  @prop({ type: () => RefreshBackoff, _id: false })
  backoff?: RefreshBackoff;
}

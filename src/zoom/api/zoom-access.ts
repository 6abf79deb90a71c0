import { type z } from 'zod';
import { type GranularScope } from '../scopes.js';
import { type ApiRequest } from './zoom-api.js';

/** A call of Zoom's API that knows what it needs and what it expects. */
export interface ZoomCall<T> extends ApiRequest {
  /** Checked before the call; Zoom's own refusal misleads (zoom-protocol §9.6). */
  scopes: readonly GranularScope[];
  /** What the answer must look like. */
  schema: z.ZodType<T>;
}

/** A way into Zoom: as a connected user, or as the app in its own account. */
export interface ZoomAccess {
  /**
   * The user whose lists are read and who hosts new meetings: `/users/me` for a user's token, `/users/{id}` for the
   * app's, which may not say `me` (zoom-protocol §5.1).
   */
  readonly userPath: string;
  /**
   * Sends the call.
   * @throws AppError for every failure that a caller can do something about; Error for answers of unknown shape.
   */
  call<T>(request: ZoomCall<T>): Promise<T>;
}

import { type z } from 'zod';
import { type Logger } from '../../lib/logger.js';
import { type Secret } from '../../lib/secret.js';
import { type GranularScope, scopesMissing } from '../scopes.js';
import { type ApiFailure } from './api-failure.js';
import { type FailedCall } from './api-error.js';
import { type ApiRequest, type ZoomApi } from './zoom-api.js';

/** A call of Zoom's API, the scopes it needs and the shape of its answer. */
export interface ZoomCall<T> extends ApiRequest {
  /** Checked before the call, because Zoom's own error is misleading (docs/zoom-protocol.md §9.6). */
  scopes: readonly GranularScope[];
  schema: z.ZodType<T>;
}

/** An access token, and what a call with it has to know. */
export interface ZoomToken {
  value: Secret;
  /** Identifies the token when Zoom refuses it. */
  version: number;
  /** Base URL that Zoom named with the token; undefined: the configured one. */
  apiUrl?: string | undefined;
  /** Zoom's id of the organisation whose rate limits apply. */
  accountId?: string | undefined;
  scopes: readonly string[];
}

/** Where the access tokens of a user, or of the app, come from. */
export interface TokenSource {
  /** A token to use; another one than `rejectedVersion`, which Zoom has refused. @throws AppError */
  get(rejectedVersion?: number): Promise<ZoomToken>;
  /** Notes that Zoom has accepted a call. */
  noteUse?(): void;
}

/** As whom {@link ZoomAccess} calls Zoom. */
export interface ZoomAccessOptions {
  api: ZoomApi;
  tokens: TokenSource;
  /**
   * The user whose lists are read and who hosts new meetings: `/users/me` for a user's token, `/users/{id}` for the
   * app's token, which may not use `me` (docs/zoom-protocol.md §5.1).
   */
  userPath: string;
  /** How many refused tokens one call replaces before it fails. */
  maxTokenRejections: number;
  /** The error that a failed call rejects with. */
  toError: (failure: ApiFailure, call: FailedCall) => Error;
  logger: Logger;
  logFields: object;
}

/** Calls Zoom's API, either as a connected user or as the app in its own account. */
export class ZoomAccess {
  readonly userPath: string;

  constructor(private readonly options: ZoomAccessOptions) {
    this.userPath = options.userPath;
  }

  /**
   * Sends the call with an access token. If Zoom refuses the token (401/124), retries with another one.
   * @throws AppError for every failure that a caller can act on; Error for answers of an unknown shape.
   */
  async call<T>(request: ZoomCall<T>): Promise<T> {
    const { api, tokens, maxTokenRejections } = this.options;
    let token = await tokens.get();
    const scopes = scopesMissing(token.scopes, request.scopes);
    if (scopes.length > 0) throw this.#errorFor(request, { kind: 'scope_missing', scopes }, undefined);
    for (let rejections = 0; ; rejections++) {
      const { value: accessToken, apiUrl, accountId } = token;
      const result = await api.send(request, { accessToken, apiUrl, accountId });
      if (result.ok) {
        tokens.noteUse?.();
        return request.schema.parse(result.body);
      }
      const { failure, zoomTrackingId } = result;
      // defence: refused-token-is-replaced
      if (failure.kind !== 'token_rejected' || rejections === maxTokenRejections)
        throw this.#errorFor(request, failure, zoomTrackingId);
      token = await tokens.get(token.version);
    }
  }

  #errorFor({ method, path }: ApiRequest, failure: ApiFailure, zoomTrackingId: string | undefined): Error {
    const { toError, logger, logFields } = this.options;
    const error = toError(failure, { method, path, zoomTrackingId });
    const level = 'code' in error && error.code === 'ZOOM_APP_MISCONFIGURED' ? 'fatal' : 'warn';
    const missingScopes = failure.kind === 'scope_missing' ? failure.scopes : undefined;
    logger[level](
      { ...logFields, path, failure: failure.kind, missingScopes, zoomTrackingId },
      'Zoom call failed',
    );
    return error;
  }
}

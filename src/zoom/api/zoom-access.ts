import { type z } from 'zod';
import { type AppError } from '../../lib/errors.js';
import { parseLeniently } from '../../lib/lenient-parse.js';
import { type Logger } from '../../lib/logger.js';
import { type OnOddity } from '../../lib/oddities.js';
import { type Secret } from '../../lib/secret.js';
import { type GranularScope, scopesMissing } from '../scopes.js';
import { type ApiFailure } from './api-failure.js';
import { type FailedCall } from './api-error.js';
import { type ApiRequest, type ZoomApi } from './zoom-api.js';

/** A call of Zoom's API, the scopes it needs and the shape of its answer. */
export interface ZoomCall<T> extends ApiRequest {
  /** Checked before the call, because Zoom's own error is misleading (docs/zoom-protocol.md §9.6). */
  scopes: readonly GranularScope[];
  /** What is documented. What an answer holds otherwise is read by {@link parseLeniently}. */
  schema: z.ZodType<T>;
  /** The name that the API gives to a field of `body`. Zoom names the fields that it does not accept. */
  argumentOf?: (field: string) => string | undefined;
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
  toError: (failure: ApiFailure, call: FailedCall) => AppError;
  onOddity: OnOddity;
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
   * Sends the call with an access token. If Zoom refuses the token, retries with another one: once, and as often as
   * `maxTokenRejections` allows if Zoom says that it is the token.
   * @throws AppError for every failure: Zoom's refusal, or an answer without what is needed
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
        return this.#read(request, result.body, result.zoomTrackingId);
      }
      const { failure, zoomTrackingId } = result;
      // defence: refused-token-is-replaced
      if (failure.kind !== 'token_rejected' || rejections === (failure.certain ? maxTokenRejections : 1))
        throw this.#errorFor(request, failure, zoomTrackingId);
      token = await tokens.get(token.version);
    }
  }

  /** Zoom has done what was asked for: only an answer without what is needed is a failure. */
  #read<T>(request: ZoomCall<T>, body: unknown, zoomTrackingId: string | undefined): T {
    const read = parseLeniently(request.schema, body);
    if (!read) throw this.#errorFor(request, { kind: 'unavailable' }, zoomTrackingId);
    for (const field of read.oddities) this.options.onOddity({ answer: answerName(request), field });
    return read.value;
  }

  #errorFor(
    { method, path, argumentOf }: ZoomCall<unknown>,
    failure: ApiFailure,
    zoomTrackingId: string | undefined,
  ): AppError {
    const { toError, logger, logFields } = this.options;
    const error = toError(failure, { method, path, zoomTrackingId, argumentOf });
    const level = error.code === 'ZOOM_APP_MISCONFIGURED' ? 'fatal' : 'warn';
    const missingScopes = failure.kind === 'scope_missing' ? failure.scopes : undefined;
    const { kind, code: zoomCode } = failure;
    logger[level](
      { ...logFields, path, failure: kind, zoomCode, missingScopes, zoomTrackingId },
      'Zoom call failed',
    );
    return error;
  }
}

/** The method and the path of a call without the ids in it: `GET /meetings/{id}/recordings`. */
function answerName({ method, path }: ApiRequest): string {
  const [, room, id, ...rest] = path.split('/');
  return `${method} ${['', room, ...(id ? ['{id}'] : []), ...rest].join('/')}`;
}

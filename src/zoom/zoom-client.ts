import { type z } from 'zod';
import { type Origin } from '../audit/audit-log';
import { AppError } from '../errors';
import { type Logger } from '../logger';
import { type AccessToken } from '../tokens/access-token';
import { type TokenService } from '../tokens/token-service';
import { type ApiFailure } from './api-failure';
import { type GranularScope, scopesMissing } from './scopes';
import { type ApiRequest, type ZoomApi } from './zoom-api';

/** For whom a call is made. */
export interface ZoomCaller {
  userId: string;
  origin: Origin;
  /** Where the first access token comes from, if the caller keeps one for several calls. */
  firstToken?: () => Promise<AccessToken>;
}

/** A call on a user's behalf. */
export interface ZoomCall<T> extends ApiRequest {
  /** Checked before the call; Zoom's own refusal misleads (zoom-protocol §9.6). */
  scopes: readonly GranularScope[];
  /** What the answer must look like. */
  schema: z.ZodType<T>;
}

/** Zoom may kill a token while a call with it is on its way, and its successor during the repetition. */
const MAX_TOKEN_REJECTIONS = 2;

/** Calls Zoom's API for users. Knows tokens only as something to ask for. */
export class ZoomClient {
  constructor(private readonly dependencies: { tokens: TokenService; api: ZoomApi; logger: Logger }) {}

  /**
   * Sends the call with the user's access token. When Zoom refuses the token (401/124), repeats it with the stored
   * one if that is another by now, else with a refreshed one.
   * @throws AppError for every failure that a caller can do something about; Error for answers of unknown shape.
   */
  async call<T>(request: ZoomCall<T>, { userId, origin, firstToken }: ZoomCaller): Promise<T> {
    const { tokens, api } = this.dependencies;
    let token = await (firstToken?.() ?? tokens.getAccessToken(userId, { origin }));
    assertScopes(token, request.scopes);
    for (let rejections = 0; ;) {
      const result = await api.send(request, token.value, token.grant.zoomApiUrl);
      if (result.ok) {
        tokens.noteUse(token.grant);
        return request.schema.parse(result.body);
      }
      if (result.failure.kind !== 'token_rejected' || ++rejections > MAX_TOKEN_REJECTIONS) {
        this.dependencies.logger.warn(
          { userId, path: request.path, failure: result.failure.kind, zoomTrackingId: result.trackingId },
          'Zoom call failed',
        );
        throw toAppError(result.failure, result.trackingId);
      }
      token = await tokens.getAccessToken(userId, { origin, rejectedVersion: token.version });
    }
  }
}

function assertScopes({ grant }: AccessToken, scopes: readonly GranularScope[]): void {
  const missingScopes = scopesMissing(grant.grantedScopes, scopes);
  if (missingScopes.length > 0) throw new AppError('ZOOM_SCOPE_MISSING', { missingScopes });
}

/** The error a caller gets for a failure. Never Zoom's own message, which may hold ids or addresses. */
export function toAppError(failure: ApiFailure, zoomTrackingId: string | undefined): Error {
  switch (failure.kind) {
    case 'token_rejected':
      return new AppError('ZOOM_UNAVAILABLE', { zoomTrackingId });
    case 'scope_missing':
      return new AppError('ZOOM_SCOPE_MISSING', { missingScopes: failure.scopes, zoomTrackingId });
    case 'not_found':
      return new AppError('ZOOM_NOT_FOUND', { zoomTrackingId });
    case 'plan_required':
      return new AppError('ZOOM_PLAN_REQUIRED', { zoomTrackingId });
    case 'invalid_request':
      return new AppError('BAD_USER_INPUT', {
        message: 'Zoom does not accept these values.',
        zoomTrackingId,
      });
    case 'rate_limited':
      return new AppError('ZOOM_RATE_LIMITED', { retryAt: failure.retryAt, zoomTrackingId });
    case 'unavailable':
      return new AppError('ZOOM_UNAVAILABLE', { retryAt: failure.retryAt, zoomTrackingId });
    case 'unexpected':
      return new Error(`unexpected answer from Zoom: HTTP ${failure.status}, code ${failure.code ?? 'none'}`);
  }
}

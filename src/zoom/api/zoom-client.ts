import { type Origin } from '../../audit/audit-log.js';
import { AppError } from '../../lib/errors.js';
import { type Logger } from '../../lib/logger.js';
import { type AccessToken } from '../../grants/refresh/access-token.js';
import { type TokenService } from '../../grants/refresh/token-service.js';
import { toAppError } from './api-error.js';
import { type GranularScope, scopesMissing } from '../scopes.js';
import { type ZoomAccess, type ZoomCall } from './zoom-access.js';
import { type ZoomApi } from './zoom-api.js';

/** For whom a call is made. */
export interface ZoomCaller {
  userId: string;
  origin: Origin;
  /** Where the first access token comes from, if the caller keeps one for several calls. */
  firstToken?: () => Promise<AccessToken>;
}

/** Zoom may kill a token while a call with it is on its way, and its successor during the repetition. */
const MAX_TOKEN_REJECTIONS = 2;

/** Calls Zoom's API for users. Knows tokens only as something to ask for. */
export class ZoomClient {
  constructor(private readonly dependencies: { tokens: TokenService; api: ZoomApi; logger: Logger }) {}

  /** Zoom as this user sees it. */
  as(caller: ZoomCaller): ZoomAccess {
    return { userPath: '/users/me', call: (request) => this.#call(request, caller) };
  }

  /**
   * Sends the call with the user's access token. When Zoom refuses the token (401/124), repeats it with the stored
   * one if that is another by now, else with a refreshed one.
   */
  async #call<T>(request: ZoomCall<T>, { userId, origin, firstToken }: ZoomCaller): Promise<T> {
    const { tokens, api } = this.dependencies;
    let token = await (firstToken?.() ?? tokens.getAccessToken(userId, { origin }));
    assertScopes(token, request.scopes);
    for (let rejections = 0; ;) {
      const { zoomApiUrl: apiUrl, zoomAccountId: accountId } = token.grant;
      const result = await api.send(request, { accessToken: token.value, apiUrl, accountId });
      if (result.ok) {
        tokens.noteUse(token.grant);
        return request.schema.parse(result.body);
      }
      const { failure, trackingId: zoomTrackingId } = result;
      // defence: refused-token-is-replaced
      if (failure.kind !== 'token_rejected' || ++rejections > MAX_TOKEN_REJECTIONS) {
        this.dependencies.logger.warn(
          { userId, path: request.path, failure: failure.kind, zoomTrackingId },
          'Zoom call failed',
        );
        throw toAppError(failure, { method: request.method, zoomTrackingId });
      }
      token = await tokens.getAccessToken(userId, { origin, rejectedVersion: token.version });
    }
  }
}

function assertScopes({ grant }: AccessToken, scopes: readonly GranularScope[]): void {
  const missingScopes = scopesMissing(grant.grantedScopes, scopes);
  if (missingScopes.length > 0) throw new AppError('ZOOM_SCOPE_MISSING', { missingScopes });
}

import { AppError } from '../../lib/errors.js';
import { type Logger } from '../../lib/logger.js';
import { type AppAccessToken, type AppTokenService } from '../../app-token/app-token-service.js';
import { toAppError } from './api-error.js';
import { type ApiFailure } from './api-failure.js';
import { type GranularScope, scopesMissing } from '../scopes.js';
import { type ZoomAccess, type ZoomCall } from './zoom-access.js';
import { type ZoomApi } from './zoom-api.js';

/** What the app's client works with. */
export interface AppClientDependencies {
  tokens: AppTokenService;
  api: ZoomApi;
  /** Zoom's id of the app's own organisation. */
  accountId: string;
  /** Id or email of the Zoom user who hosts the app's meetings; the app may not say `me`. */
  hostUser: string;
  logger: Logger;
}

/** Zoom may kill a token while a call with it is on its way. */
const MAX_TOKEN_REJECTIONS = 1;

/** Calls Zoom's API as the Server-to-Server app, in the platform's own account. */
export class AppClient implements ZoomAccess {
  readonly userPath: string;

  constructor(private readonly dependencies: AppClientDependencies) {
    this.userPath = `/users/${encodeURIComponent(dependencies.hostUser)}`;
  }

  /**
   * Sends the call with the app's token, once more with another one if Zoom refuses it (401/124). What a user could
   * mend in their own connection only the operator can mend here: such failures are `ZOOM_APP_MISCONFIGURED`.
   */
  async call<T>(request: ZoomCall<T>): Promise<T> {
    const { tokens, api, accountId } = this.dependencies;
    let token = await tokens.getAccessToken();
    this.#assertScopes(token, request.scopes);
    for (let rejections = 0; ;) {
      const { value: accessToken, apiUrl } = token;
      const result = await api.send(request, { accessToken, apiUrl, accountId });
      if (result.ok) return request.schema.parse(result.body);
      const { failure, trackingId: zoomTrackingId } = result;
      if (failure.kind !== 'token_rejected' || ++rejections > MAX_TOKEN_REJECTIONS) {
        const { method, path } = request;
        this.dependencies.logger.warn({ path, failure: failure.kind, zoomTrackingId }, 'app call failed');
        if (this.#isConfiguration(failure, path))
          throw new AppError('ZOOM_APP_MISCONFIGURED', { zoomTrackingId });
        throw toAppError(failure, { method, zoomTrackingId });
      }
      token = await tokens.getAccessToken(token.version);
    }
  }

  #assertScopes(token: AppAccessToken, scopes: readonly GranularScope[]): void {
    const missingScopes = scopesMissing(token.scopes, scopes);
    if (missingScopes.length === 0) return;
    this.dependencies.logger.fatal({ missingScopes }, "the platform's app lacks scopes");
    throw new AppError('ZOOM_APP_MISCONFIGURED');
  }

  #isConfiguration({ kind }: ApiFailure, path: string): boolean {
    const hostUnknown = kind === 'not_found' && path.startsWith(this.userPath);
    return hostUnknown || kind === 'token_rejected' || kind === 'scope_missing' || kind === 'plan_required';
  }
}

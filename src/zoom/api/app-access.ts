import { AppError } from '../../lib/errors.js';
import { type Logger } from '../../lib/logger.js';
import { type OnOddity } from '../../lib/oddities.js';
import { toAppError } from './api-error.js';
import { type ApiFailure } from './api-failure.js';
import { type TokenSource, ZoomAccess } from './zoom-access.js';
import { type ZoomApi } from './zoom-api.js';

/** Zoom may revoke a token while a call with it is under way. */
const MAX_TOKEN_REJECTIONS = 1;

/**
 * Zoom as the Server-to-Server app sees it, in the platform's own account. Failures that a user could fix in their own
 * account can only be fixed by the operator here: they become `ZOOM_APP_MISCONFIGURED`.
 * @param options.hostUser id or email of the Zoom user who hosts the app's meetings.
 */
export function appAccess(options: {
  api: ZoomApi;
  tokens: TokenSource;
  hostUser: string;
  onOddity: OnOddity;
  logger: Logger;
}): ZoomAccess {
  const { api, tokens, hostUser, onOddity, logger } = options;
  const userPath = `/users/${encodeURIComponent(hostUser)}`;
  return new ZoomAccess({
    api,
    tokens,
    userPath,
    maxTokenRejections: MAX_TOKEN_REJECTIONS,
    toError: (failure, call) =>
      isConfiguration(failure, call.path.startsWith(userPath))
        ? new AppError('ZOOM_APP_MISCONFIGURED', {
            zoomCode: failure.code,
            zoomTrackingId: call.zoomTrackingId,
          })
        : toAppError(failure, call),
    onOddity,
    logger,
    logFields: { app: true },
  });
}

/** `aboutHost`: the path names the host, so that what Zoom does not know or does not allow is the host. */
function isConfiguration({ kind }: ApiFailure, aboutHost: boolean): boolean {
  if (kind === 'not_found' || kind === 'not_allowed') return aboutHost;
  return kind === 'token_rejected' || kind === 'scope_missing' || kind === 'plan_required';
}

import { type AccessTokens } from '../../grants/refresh/access-tokens.js';
import { type Logger } from '../../lib/logger.js';
import { type OnOddity } from '../../lib/oddities.js';
import { toAppError } from './api-error.js';
import { UserTokens, type ZoomUser } from './user-tokens.js';
import { ZoomAccess } from './zoom-access.js';
import { type ZoomApi } from './zoom-api.js';

/** Zoom may revoke a token while a call with it is under way, and its successor during the retry. */
const MAX_TOKEN_REJECTIONS = 2;

/** Gives connected users access to Zoom. */
export class ZoomClient {
  constructor(
    private readonly dependencies: { tokens: AccessTokens; api: ZoomApi; onOddity: OnOddity; logger: Logger },
  ) {}

  /** Zoom as this user sees it, for the duration of one request. */
  as(user: ZoomUser): ZoomAccess {
    const { tokens, api, onOddity, logger } = this.dependencies;
    return new ZoomAccess({
      api,
      tokens: new UserTokens(tokens, user),
      userPath: '/users/me',
      maxTokenRejections: MAX_TOKEN_REJECTIONS,
      toError: toAppError,
      onOddity,
      logger,
      logFields: { userId: user.userId },
    });
  }
}

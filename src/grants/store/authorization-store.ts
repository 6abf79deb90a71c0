import { defined } from '../../lib/defined.js';
import { type AuditFacts } from '../../models/audit-event.js';
import { type Models } from '../../models/database.js';
import { type Grant } from '../grant.js';
import { asRead, UNSET_AT_END, ZOOM_IDENTITY } from './grant-store.js';
import { type Sealed } from '../token-cipher.js';

/** What a former grant of the same user leaves behind and a new one must not inherit. */
const UNSET_AT_BEGIN = [
  ...['reason', 'revokedAt', 'lastRefreshAttempt', 'lastUsedAt', 'deviceInfo'],
  ...Object.keys(ZOOM_IDENTITY),
];

const DUPLICATE_KEY = 11000;

/** `conflict`: what was read is no longer so; read again and decide again. */
export type WriteOutcome = 'stored' | 'conflict';

/** What an authorization stores. */
export interface Authorization {
  userId: string;
  accessToken: Sealed;
  refreshToken?: Sealed;
  accessTokenExpiry: Date;
  zoomUserId?: string;
  zoomEmail?: string;
  zoomAccountId?: string;
  zoomApiUrl?: string;
  grantedScopes: string[];
  deviceInfo?: { userAgent?: string; ipAddress?: string };
}

/**
 * Begins grants. Each write is one atomic operation on one document, guarded by what was read, and stores the audit
 * event of the change with it.
 */
export class AuthorizationStore {
  constructor(private readonly models: Models) {}

  /**
   * Stores an authorization if the row still stands as `own` was read (undefined: if there is none yet).
   * Answers `conflict` when it does not, or when another user is still connected to the same Zoom user.
   */
  authorize(authorization: Authorization, own: Grant | undefined, event: AuditFacts): Promise<WriteOutcome> {
    const { accessToken, refreshToken, accessTokenExpiry, ...identity } = authorization;
    const tokens = {
      zoomAccessToken: accessToken,
      zoomAccessTokenExpiry: accessTokenExpiry,
      ...(refreshToken && { zoomRefreshToken: refreshToken, refreshTokenIssuedAt: event.occurredAt }),
    };
    return this.#begin(own, { ...tokens, ...identity, isActive: true }, event);
  }

  /** Stores that the user authorized and lost the grant at once to another user of the same Zoom user. */
  authorizeSuperseded(
    { zoomUserId, zoomEmail, zoomAccountId, grantedScopes }: Authorization,
    own: Grant | undefined,
    event: AuditFacts,
  ): Promise<WriteOutcome> {
    const ended = {
      zoomUserId,
      zoomEmail,
      zoomAccountId,
      grantedScopes,
      isActive: false,
      reason: 'SUPERSEDED',
    };
    return this.#begin(own, ended, event);
  }

  async #begin(own: Grant | undefined, fields: object, event: AuditFacts): Promise<WriteOutcome> {
    const { userId, occurredAt } = event;
    const begun = {
      ...defined(fields),
      authorizedAt: occurredAt,
      since: occurredAt,
      unrecordedEvent: event,
      isRevoked: false,
      refreshErrorCount: 0,
    };
    try {
      if (!own) {
        await this.models.grants.create({
          userId,
          ...begun,
          tokenVersion: 1,
          refreshAttempt: 1,
          grantGeneration: 1,
        });
        return 'stored';
      }
      const next = (field: string) => ({ $add: [field, 1] });
      const { matchedCount } = await this.models.grants.collection.updateOne(asRead(own), [
        { $unset: [...Object.keys(UNSET_AT_END), ...UNSET_AT_BEGIN] },
        { $set: literals(begun) },
        { $set: { refreshAttempt: next('$refreshAttempt'), grantGeneration: next('$grantGeneration') } },
        // The version goes on from the attempts handed out, so that no older attempt can look newer.
        { $set: { tokenVersion: '$refreshAttempt' } },
      ]);
      return matchedCount === 1 ? 'stored' : 'conflict';
    } catch (error) {
      if ((error as { code?: unknown }).code === DUPLICATE_KEY) return 'conflict';
      throw error;
    }
  }
}

/** In a pipeline a string that begins with `$` is a path; `$literal` keeps user data data. */
function literals(fields: object): Record<string, { $literal: unknown }> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, { $literal: value as unknown }]),
  );
}

import { setTimeout as sleep } from 'node:timers/promises';
import { type Initiator } from '../../audit/audit-log.js';
import { type Clock } from '../../lib/clock.js';
import { type Logger } from '../../lib/logger.js';
import { type Grant } from '../grant.js';
import { type GrantStore } from '../store/grant-store.js';
import { type TokenCipher } from '../token-cipher.js';
import { type ReadIdentity } from '../zoom-identity.js';
import { type ZoomUserErasure } from './zoom-user-erasure.js';

/** Zoom's clock and ours may differ by this much. */
const CLOCK_DOUBT_MS = 2 * 60_000;
/** How long to wait for a refresh under way. Zoom itself waits three seconds for our answer. */
const WAIT_FOR_REFRESH_MS = 2_000;
const REFRESH_POLL_MS = 100;

/** When the app was removed at Zoom: between these two instants, which are the same if the event names the time. */
export interface RemovalTime {
  earliest: Date;
  latest: Date;
}

/** Whether a removal happened after the authorization of the stored grant. `ask`: the times do not decide it. */
export function concernsGrant(
  { authorizedAt }: Pick<Grant, 'authorizedAt'>,
  { earliest, latest }: RemovalTime,
): 'yes' | 'no' | 'ask' {
  const authorizedMs = authorizedAt.getTime();
  if (earliest.getTime() - authorizedMs >= CLOCK_DOUBT_MS) return 'yes';
  return authorizedMs - latest.getTime() >= CLOCK_DOUBT_MS ? 'no' : 'ask';
}

/**
 * Ends the grants of users who have removed the app at Zoom. Idempotent: Zoom repeats its events, sends them out of
 * order, and sends one for each of our own revocations. An event that is older than the connection is about a former
 * connection and ends nothing. What was known about the Zoom user until then is erased in any case.
 */
export class Deauthorizations {
  constructor(
    private readonly dependencies: {
      grants: GrantStore;
      cipher: TokenCipher;
      clock: Clock;
      logger: Logger;
      readIdentity: ReadIdentity;
      erasure: Pick<ZoomUserErasure, 'erase'>;
    },
  ) {}

  /**
   * Ends the connection and erases what is known about the Zoom user. Returns whether a connection ended. Rejects when
   * the database is away, and when a refresh under way hides whether Zoom still accepts the tokens: Zoom then sends the
   * event again.
   */
  async deauthorize(zoomUserId: string, removal: RemovalTime, correlationId: string): Promise<boolean> {
    const hasEnded = await this.#end(zoomUserId, removal, correlationId);
    const removedAt = new Date(removal.latest.getTime() + CLOCK_DOUBT_MS);
    await this.dependencies.erasure.erase(zoomUserId, removedAt);
    return hasEnded;
  }

  async #end(zoomUserId: string, removal: RemovalTime, correlationId: string): Promise<boolean> {
    const { grants, logger } = this.dependencies;
    const deadline = performance.now() + WAIT_FOR_REFRESH_MS;
    for (;;) {
      const grant =
        (await grants.findActiveByZoomUser(zoomUserId)) ??
        /* defence: event-after-refusal */ (await this.#refused(zoomUserId, removal));
      if (!grant) return false;
      const concerned = concernsGrant(grant, removal);
      if (
        /* defence: removal-of-former-connection */ concerned === 'no' ||
        (concerned === 'ask' && /* defence: zoom-knows-whether-removed */ (await this.#isAlive(grant)))
      ) {
        logger.info(
          { userId: grant.userId, correlationId },
          'a deauthorization older than the connection was ignored',
        );
        return false;
      }
      // defence: removal-waits-for-refresh
      if (concerned === 'ask' && (await this.#isBeingReplaced(grant))) {
        if (performance.now() > deadline) throw new Error('a refresh that is under way takes too long');
        await sleep(REFRESH_POLL_MS);
        continue;
      }
      const initiator: Initiator = { actor: { kind: 'zoom' }, correlationId };
      if (await grants.revoke(grant, 'DEAUTHORIZED_AT_ZOOM', initiator)) return true;
    }
  }

  /** A grant whose refresh was refused before the event came. Now the reason is known, and the user's data is erased. */
  async #refused(zoomUserId: string, { earliest }: RemovalTime): Promise<Grant | undefined> {
    const after = new Date(earliest.getTime() - CLOCK_DOUBT_MS);
    const [grant] = await this.dependencies.grants.findRefused(zoomUserId, after);
    return grant;
  }

  /** Whether Zoom still accepts the stored access token. If Zoom does not answer, the event counts. */
  async #isAlive({ userId, accessToken, zoomApiUrl }: Grant): Promise<boolean> {
    const { cipher, readIdentity } = this.dependencies;
    if (!accessToken) return false;
    const opened = await cipher.open(accessToken, { userId, field: 'zoomAccessToken' });
    return (await readIdentity(opened, zoomApiUrl)).kind === 'known';
  }

  /** Whether Zoom may have refused the access token only because a refresh is replacing it. */
  async #isBeingReplaced({ userId, tokenVersion }: Grant): Promise<boolean> {
    const { grants, clock } = this.dependencies;
    const stored = await grants.find(userId);
    if (stored?.tokenVersion !== tokenVersion) return true;
    return stored.leasedUntil !== undefined && stored.leasedUntil > clock();
  }
}

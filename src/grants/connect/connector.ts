import { type AuditLog, type Origin } from '../../audit/audit-log.js';
import { type Grant } from '../grant.js';
import { type Authorization, type AuthorizationStore } from '../store/authorization-store.js';
import { type GrantStore } from '../store/grant-store.js';
import { type Revocations } from '../disconnect/revocations.js';

/** Tokens that Zoom has just issued for a consent, and what is needed to decide about them. */
export interface Connection {
  authorization: Authorization;
  /** The generation of the user's row just before the code was redeemed; undefined: there was none. */
  generationBefore: number | undefined;
  /** Just before the code was redeemed (UTC). */
  sentAt: Date;
  /** Asks Zoom whether the new access token has been killed by a later authorization. */
  isDead: () => Promise<boolean>;
  origin: Origin;
}

const SUPERSEDED = { type: 'grant.superseded', cause: 'SUPERSEDED' } as const;

/**
 * Stores authorizations. Zoom keeps one live grant per app and Zoom user, the last one (error 4741), so a consent may
 * kill a grant of another platform user, or be killed by one; the rows must tell the same story as Zoom in every order.
 */
export class Connector {
  constructor(
    private readonly dependencies: {
      grants: GrantStore;
      authorizations: AuthorizationStore;
      revocations: Revocations;
      audit: AuditLog;
    },
  ) {}

  /** `lost`: another authorization of the same Zoom user came later. Repeatable after a failure in the middle. */
  async connect(connection: Connection): Promise<'connected' | 'lost'> {
    const { authorization, generationBefore, isDead } = connection;
    const { grants } = this.dependencies;
    for (;;) {
      const own = await grants.find(authorization.userId);
      await this.dependencies.audit.publish(own?.unrecordedEvent);
      if (own?.accessToken === authorization.accessToken) break;
      const rival = await this.#rivalOf(authorization);
      // Nobody else was near: no need to ask Zoom who came last.
      const contested = rival !== undefined || own?.grantGeneration !== generationBefore;
      if (contested && (await isDead())) return this.#lose(connection, own);
      // Zoom has killed the rival's grant already, so this is true even if the next line is never reached.
      if (rival) await this.#supersede(rival, connection.origin);
      if (await this.#store(connection, own)) break;
    }
    await this.#explainRefusals(connection);
    return 'connected';
  }

  async #rivalOf({ userId, zoomUserId }: Authorization): Promise<Grant | undefined> {
    const holder = zoomUserId ? await this.dependencies.grants.findActiveByZoomUser(zoomUserId) : undefined;
    return holder?.userId === userId ? undefined : holder;
  }

  /** Whoever tried to refresh between Zoom's commit and ours was refused, and could not know why. */
  async #explainRefusals({ authorization, sentAt, origin }: Connection): Promise<void> {
    const { zoomUserId, userId } = authorization;
    const refused = zoomUserId ? await this.dependencies.grants.findRefused(zoomUserId, sentAt) : [];
    for (const grant of refused) if (grant.userId !== userId) await this.#supersede(grant, origin);
  }

  async #supersede(rival: Grant, origin: Origin): Promise<void> {
    const { grants, audit } = this.dependencies;
    const { userId, zoomUserId } = rival;
    const grantGeneration = rival.grantGeneration + 1;
    const event = audit.draft({ ...SUPERSEDED, userId, origin, zoomUserId, grantGeneration });
    await audit.publish(rival.unrecordedEvent);
    if (await grants.supersede(rival, event)) await audit.publish(event);
  }

  async #store({ authorization, origin }: Connection, own: Grant | undefined): Promise<boolean> {
    const { authorizations, revocations, audit } = this.dependencies;
    const { userId, zoomUserId } = authorization;
    const grantGeneration = (own?.grantGeneration ?? 0) + 1;
    const event = audit.draft({ type: 'grant.authorized', userId, origin, zoomUserId, grantGeneration });
    // Another Zoom user's grant stays alive at Zoom when this one takes its place.
    const replaced =
      own?.isActive && own.zoomUserId !== zoomUserId ? await revocations.enqueue(own) : undefined;
    if ((await authorizations.authorize(authorization, own, event)) === 'conflict') {
      if (replaced) await revocations.withdraw(replaced);
      return false;
    }
    if (replaced) revocations.begin(replaced, origin);
    await audit.publish(event);
    return true;
  }

  /** The new tokens are dead. The user is connected all the same if it was their own other tab that won. */
  async #lose({ authorization, origin }: Connection, own: Grant | undefined): Promise<'connected' | 'lost'> {
    const { authorizations, audit } = this.dependencies;
    const { userId, zoomUserId } = authorization;
    if (own?.isActive) return own.zoomUserId === zoomUserId ? 'connected' : 'lost';
    const event = audit.draft({ ...SUPERSEDED, userId, origin, zoomUserId });
    if ((await authorizations.authorizeSuperseded(authorization, own, event)) === 'stored')
      await audit.publish(event);
    return 'lost';
  }
}

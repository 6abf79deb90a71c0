import { type Initiator } from '../../audit/audit-log.js';
import { type Revocations } from '../disconnect/revocations.js';
import { type Grant } from '../grant.js';
import { type GrantStore } from '../store/grant-store.js';
import { type NewGrant } from '../store/new-grant.js';
import { RowConflictError } from '../../lib/permanent-failure.js';

/** How often a write may fail although nothing that can be read explains it. */
const MOST_UNEXPLAINED = 10;

/** Tokens that Zoom has just issued for a code, and what is needed to decide about them. */
export interface RedeemedCode {
  newGrant: NewGrant;
  /** The generation of the user's row just before the code was redeemed; undefined if there was none. */
  generationBefore: number | undefined;
  /** Just before the code was redeemed (UTC). */
  sentAt: Date;
  /** Asks Zoom whether a later authorization has already revoked the new access token. */
  isRevoked: () => Promise<boolean>;
  initiator: Initiator;
}

/**
 * Stores the tokens of authorizations.
 *
 * Zoom keeps one live grant per app and Zoom user: the one that was authorized last (error 4741). A consent may
 * therefore revoke the grant of another platform user, or be revoked by one, and two callbacks may reach us in the other
 * order than they reached Zoom. So where somebody else holds the same Zoom user, or the user's own row has changed since
 * the code was redeemed, the new access token is tried at Zoom first: if Zoom refuses it, the other authorization came
 * later, else ours did. The loser becomes SUPERSEDED. Each write is a compare-and-set on what was read; when it fails,
 * everything is read and decided again. A unique index makes sure that two connected rows never name one Zoom user.
 */
export class Connector {
  constructor(
    private readonly dependencies: {
      grants: GrantStore;
      revocations: Revocations;
    },
  ) {}

  /**
   * `superseded`: another authorization of the same Zoom user came later. May be repeated after a failure in the middle.
   * @throws RowConflictError when a row that is not ours is in the way: no repetition heals that
   */
  async connect(redeemed: RedeemedCode): Promise<'connected' | 'superseded'> {
    const { newGrant, generationBefore, isRevoked } = redeemed;
    for (let unexplained = 0; unexplained < MOST_UNEXPLAINED;) {
      const own = await this.dependencies.grants.find(newGrant.userId);
      if (own?.accessToken === newGrant.accessToken) return this.#connected(redeemed);
      const holder = await this.#otherHolder(newGrant);
      const isContested =
        holder !== undefined || /* defence: contested-by-own-tab */ own?.grantGeneration !== generationBefore;
      // defence: zoom-knows-who-came-last
      if (isContested && (await isRevoked())) return this.#recordSuperseded(redeemed, own);
      // Zoom has revoked the holder's grant already: this is true even if the next line is never reached.
      // defence: takeover-supersedes
      if (holder) await this.dependencies.grants.supersede(holder, redeemed.initiator);
      if (await this.#store(redeemed, own)) return this.#connected(redeemed);
      // Without any row of ours, the next round can only end if another callback has written one meanwhile.
      if (!own && !holder) unexplained++;
    }
    throw new RowConflictError();
  }

  async #connected(redeemed: RedeemedCode): Promise<'connected'> {
    // defence: takeover-explains-refusals
    await this.#explainRefusals(redeemed);
    return 'connected';
  }

  /** Another platform user who is connected to the same Zoom user. */
  async #otherHolder({ userId, zoomUserId }: NewGrant): Promise<Grant | undefined> {
    const holder = zoomUserId ? await this.dependencies.grants.findActiveByZoomUser(zoomUserId) : undefined;
    return holder?.userId === userId ? undefined : holder;
  }

  /** A refresh between Zoom's change and ours was refused, and could not know why. Now the reason is known. */
  async #explainRefusals({ newGrant, sentAt, initiator }: RedeemedCode): Promise<void> {
    const { zoomUserId, userId } = newGrant;
    const { grants } = this.dependencies;
    const refused = zoomUserId ? await grants.findRefused(zoomUserId, sentAt) : [];
    for (const grant of refused) if (grant.userId !== userId) await grants.supersede(grant, initiator);
  }

  /** False when what was read no longer holds. */
  async #store({ newGrant, initiator }: RedeemedCode, own: Grant | undefined): Promise<boolean> {
    const { grants, revocations } = this.dependencies;
    // The grant of another Zoom user stays alive at Zoom when this one takes its place.
    const isReplaced = own?.isActive && own.zoomUserId !== newGrant.zoomUserId;
    const queued = isReplaced ? await revocations.enqueue(own) : undefined;
    const isStored = await grants.begin(newGrant, own, initiator);
    // defence: replaced-grant-is-revoked
    if (queued && isStored) revocations.begin(queued, initiator);
    if (queued && !isStored) await revocations.withdraw(queued);
    return isStored;
  }

  /** The new tokens are dead. The user is connected all the same if the later authorization was their own, in another tab. */
  async #recordSuperseded(
    { newGrant, initiator }: RedeemedCode,
    own: Grant | undefined,
  ): Promise<'connected' | 'superseded'> {
    if (own?.isActive) return own.zoomUserId === newGrant.zoomUserId ? 'connected' : 'superseded';
    await this.dependencies.grants.beginSuperseded(newGrant, own, initiator);
    return 'superseded';
  }
}

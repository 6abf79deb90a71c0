import { zoomIdentifier } from './identifiers.js';
import { type MovableClock } from './time.js';
import { type SandboxSettings } from './settings.js';
import { TokenLedger, type LedgerSnapshot } from './token-ledger.js';

/** The access that a user gave to an app, or the access of a Server-to-Server app to its own account. */
export interface Grant {
  readonly id: string;
  readonly clientId: string;
  /** Empty for a Server-to-Server grant. */
  readonly zoomUserId: string;
  readonly accountId: string;
  readonly scopes: readonly string[];
  readonly authorizedAt: Date;
  alive: boolean;
  refreshCount: number;
}

/** A grant with the tokens just issued for it. */
export interface IssuedTokens {
  grant: Grant;
  accessToken: string;
  /** Absent for a Server-to-Server grant. */
  refreshToken?: string;
}

type AccessTokenState = { kind: 'live'; grant: Grant } | { kind: 'expired' } | { kind: 'invalid' };

/** The outcome of a redemption. `jti` is undefined for a token that this sandbox never issued. */
type Redemption =
  { kind: 'granted'; jti: string; tokens: IssuedTokens } | { kind: 'rejected'; jti: string | undefined };

/** Grants and tokens in the form of the state file. */
export interface GrantSnapshot {
  grants: (Omit<Grant, 'authorizedAt'> & { authorizedAt: string })[];
  tokens: LedgerSnapshot;
}

type GrantSubject = Pick<Grant, 'clientId' | 'zoomUserId' | 'accountId' | 'scopes'>;

/** All grants and their tokens. Every method is synchronous, so concurrent requests see each change as atomic. */
export class GrantStore {
  private readonly grants = new Map<string, Grant>();
  private readonly aliveByOwner = new Map<string, Grant>();
  private readonly ledger: TokenLedger;

  constructor(
    private readonly clock: MovableClock,
    private readonly settings: SandboxSettings,
  ) {
    this.ledger = new TokenLedger(clock);
  }

  /** Begins a grant. An older grant of the same user and client ends, with all its tokens. */
  authorize(subject: GrantSubject): IssuedTokens {
    const older = this.findAlive(subject.clientId, subject.zoomUserId);
    if (older) this.kill(older);
    return this.issuePair(this.open(subject));
  }

  /** Issues an access token to a Server-to-Server app. Its earlier tokens stay valid. */
  authorizeApp(subject: Omit<GrantSubject, 'zoomUserId'>): IssuedTokens {
    const grant = this.open({ ...subject, zoomUserId: '' });
    return { grant, accessToken: this.ledger.issue('access', this.subjectOf(grant)) };
  }

  /** Redeems a refresh token for a new pair. The rotation policy decides what happens to the older tokens. */
  redeem(refreshToken: string, clientId: string): Redemption {
    const record = this.ledger.find('refresh', refreshToken);
    const grant = record && this.grants.get(record.grantId);
    if (!record || grant?.clientId !== clientId || this.ledger.isExpired(record)) {
      return { kind: 'rejected', jti: this.ledger.identify(refreshToken) };
    }
    this.ledger.supersede(grant.id, this.settings.rotation, this.settings.graceMs);
    grant.refreshCount += 1;
    return { kind: 'granted', jti: record.jti, tokens: this.issuePair(grant) };
  }

  inspectAccessToken(token: string): AccessTokenState {
    const record = this.ledger.find('access', token);
    const grant = record && this.grants.get(record.grantId);
    if (!record || !grant) return { kind: 'invalid' };
    return this.ledger.isExpired(record) ? { kind: 'expired' } : { kind: 'live', grant };
  }

  /** The grant of a refresh token that would be accepted now. */
  findByLiveRefreshToken(token: string): Grant | undefined {
    const record = this.ledger.find('refresh', token);
    return record && !this.ledger.isExpired(record) ? this.grants.get(record.grantId) : undefined;
  }

  findAlive(clientId: string, zoomUserId: string): Grant | undefined {
    return this.aliveByOwner.get(`${clientId} ${zoomUserId}`);
  }

  kill(grant: Grant): void {
    grant.alive = false;
    this.aliveByOwner.delete(`${grant.clientId} ${grant.zoomUserId}`);
    this.ledger.revokeGrant(grant.id);
  }

  list(): Grant[] {
    return [...this.grants.values()];
  }

  countLiveAccessTokens(grant: Grant): number {
    return this.ledger.countLiveAccessTokens(grant.id);
  }

  /** The grants of users that are alive. A Server-to-Server app simply requests a new token. */
  snapshot(): GrantSnapshot {
    const alive = [...this.aliveByOwner.values()];
    return {
      grants: alive.map((grant) => ({ ...grant, authorizedAt: grant.authorizedAt.toISOString() })),
      tokens: this.ledger.snapshot(alive.map(({ id }) => id)),
    };
  }

  restore({ grants, tokens }: GrantSnapshot): void {
    this.ledger.restore(tokens);
    for (const grant of grants) this.remember({ ...grant, authorizedAt: new Date(grant.authorizedAt) });
  }

  private remember(grant: Grant): void {
    this.grants.set(grant.id, grant);
    if (grant.zoomUserId !== '') this.aliveByOwner.set(`${grant.clientId} ${grant.zoomUserId}`, grant);
  }

  private open(subject: GrantSubject): Grant {
    const grant = {
      ...subject,
      id: zoomIdentifier(),
      authorizedAt: this.clock.now(),
      alive: true,
      refreshCount: 0,
    };
    this.remember(grant);
    return grant;
  }

  private issuePair(grant: Grant): IssuedTokens {
    const subject = this.subjectOf(grant);
    return {
      grant,
      accessToken: this.ledger.issue('access', subject),
      refreshToken: this.ledger.issue('refresh', subject),
    };
  }

  private subjectOf({ id, clientId, zoomUserId, accountId }: Grant) {
    return { grantId: id, clientId, zoomUserId, accountId };
  }
}

import { type MintSecret, type TokenKind, TokenMint, type TokenSubject } from './signed-tokens.js';
import { DAY_MS, type MovableClock } from './time.js';
import { type RotationPolicy } from './settings.js';

const ACCESS_TOKEN_LIFETIME_MS = 3_600_000;
const REFRESH_TOKEN_LIFETIME_MS = 90 * DAY_MS;

/** What the sandbox stores about a token. The token itself is not stored. */
interface TokenRecord {
  readonly jti: string;
  readonly kind: TokenKind;
  readonly grantId: string;
  readonly expiresAtMs: number;
  /** Set when a newer refresh token exists: this one is accepted only until then. */
  graceUntilMs?: number;
}

/** The ledger in the form of the state file. */
export interface LedgerSnapshot {
  secret: MintSecret;
  records: TokenRecord[];
}

/** The tokens of all grants that are alive. A token that is not in the ledger is invalid. */
export class TokenLedger {
  private mint = new TokenMint();
  private readonly records = new Map<string, TokenRecord>();
  private readonly byGrant = new Map<string, Set<TokenRecord>>();

  constructor(private readonly clock: MovableClock) {}

  issue(kind: TokenKind, subject: TokenSubject): string {
    const lifetime = kind === 'access' ? ACCESS_TOKEN_LIFETIME_MS : REFRESH_TOKEN_LIFETIME_MS;
    const minted = this.mint.mint(kind, subject, this.clock.nowMs(), lifetime);
    this.remember({ jti: minted.jti, kind, grantId: subject.grantId, expiresAtMs: minted.expiresAtMs });
    return minted.token;
  }

  /** The `jti` of any token that this sandbox ever issued, even if it is no longer valid. */
  identify(token: string): string | undefined {
    return this.mint.read(token);
  }

  /** The record of a token, expired or not. Undefined for a forged, rotated or revoked token. */
  find(kind: TokenKind, token: string): TokenRecord | undefined {
    const jti = this.mint.read(token);
    const record = jti === undefined ? undefined : this.records.get(jti);
    return record?.kind === kind ? record : undefined;
  }

  isExpired(record: TokenRecord): boolean {
    return this.clock.nowMs() >= Math.min(record.expiresAtMs, record.graceUntilMs ?? Infinity);
  }

  /** Applies the rotation policy to the tokens of a grant, just before the next pair is issued. */
  supersede(grantId: string, rotation: RotationPolicy, graceMs: number): void {
    for (const record of this.tokensOf(grantId)) {
      const stale = record.kind === 'refresh' && this.isExpired(record);
      if (rotation === 'strict' || stale) this.forget(record);
      else if (record.kind === 'refresh') record.graceUntilMs ??= this.clock.nowMs() + graceMs;
    }
  }

  revokeGrant(grantId: string): void {
    for (const record of this.tokensOf(grantId)) this.forget(record);
    this.byGrant.delete(grantId);
  }

  countLiveAccessTokens(grantId: string): number {
    return [...this.tokensOf(grantId)].filter((record) => record.kind === 'access' && !this.isExpired(record))
      .length;
  }

  /** What a later process needs in order to accept the tokens of these grants. */
  snapshot(grantIds: readonly string[]): LedgerSnapshot {
    return { secret: this.mint.secret, records: grantIds.flatMap((grantId) => [...this.tokensOf(grantId)]) };
  }

  restore({ secret, records }: LedgerSnapshot): void {
    this.mint = new TokenMint(secret);
    for (const record of records) this.remember(record);
  }

  private remember(record: TokenRecord): void {
    this.records.set(record.jti, record);
    this.byGrant.set(record.grantId, this.tokensOf(record.grantId).add(record));
  }

  private tokensOf(grantId: string): Set<TokenRecord> {
    return this.byGrant.get(grantId) ?? new Set();
  }

  private forget(record: TokenRecord): void {
    this.records.delete(record.jti);
    this.byGrant.get(record.grantId)?.delete(record);
  }
}

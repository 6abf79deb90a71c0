import { zoomIdentifier } from './identifiers.js';
import { type MovableClock } from './movable-clock.js';

const CODE_LIFETIME_MS = 5 * 60_000;

/** What an authorization code stands for (RFC 6749 §4.1.2). */
export interface AuthorizedCode {
  clientId: string;
  zoomUserId: string;
  redirectUri: string;
  scopes: readonly string[];
  codeChallenge?: string;
  codeChallengeMethod: 'plain' | 'S256';
}

/** Authorization codes: five minutes, single use. */
export class AuthorizationCodes {
  private readonly codes = new Map<string, AuthorizedCode & { expiresAtMs: number }>();

  constructor(private readonly clock: MovableClock) {}

  issue(authorized: AuthorizedCode): string {
    this.dropExpired();
    const code = `${zoomIdentifier()}_${authorized.zoomUserId}`;
    this.codes.set(code, { ...authorized, expiresAtMs: this.clock.nowMs() + CODE_LIFETIME_MS });
    return code;
  }

  /** The meaning of a code that is still good; it stays so until consumed. */
  peek(code: string): AuthorizedCode | undefined {
    this.dropExpired();
    return this.codes.get(code);
  }

  consume(code: string): void {
    this.codes.delete(code);
  }

  private dropExpired(): void {
    for (const [code, { expiresAtMs }] of this.codes) {
      if (this.clock.nowMs() >= expiresAtMs) this.codes.delete(code);
    }
  }
}

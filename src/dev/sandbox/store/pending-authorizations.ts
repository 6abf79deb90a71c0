import { zoomIdentifier } from './identifiers.js';
import { type MovableClock } from './time.js';

const CONSENT_LIFETIME_MS = 30 * 60_000;
const CODE_LIFETIME_MS = 5 * 60_000;

/** The challenge that a code verifier must meet (RFC 7636 §4.2). */
export interface CodeChallenge {
  value: string;
  method: 'plain' | 'S256';
}

/** A valid authorization request (RFC 6749 §4.1.1, RFC 7636 §4.3) that waits for the user's decision. */
export interface ConsentRequest {
  clientId: string;
  redirectUri: string;
  /** Null when the app sent none. */
  state: string | null;
  requiredScopes: string[];
  optionalScopes: string[];
  includeGrantedScopes: boolean;
  /** Null when the app does not use PKCE. */
  codeChallenge: CodeChallenge | null;
}

/**
 * The requests of the consent pages that are open in a browser, by the id in the form. They expire after 30 minutes.
 */
export class ConsentRequests {
  private readonly open = new Map<string, ConsentRequest & { expiresAtMs: number }>();

  constructor(private readonly clock: MovableClock) {}

  add(request: ConsentRequest): string {
    const id = zoomIdentifier();
    this.open.set(id, { ...request, expiresAtMs: this.clock.nowMs() + CONSENT_LIFETIME_MS });
    return id;
  }

  find(id: string): ConsentRequest | undefined {
    const request = this.open.get(id);
    return request && this.clock.nowMs() < request.expiresAtMs ? request : undefined;
  }

  close(id: string): void {
    this.open.delete(id);
  }
}

/** What an authorization code stands for (RFC 6749 §4.1.2). */
export interface AuthorizedCode {
  clientId: string;
  zoomUserId: string;
  redirectUri: string;
  scopes: readonly string[];
  /** Null when the app does not use PKCE. */
  codeChallenge: CodeChallenge | null;
}

/** Authorization codes. They expire after five minutes and can be used once. */
export class AuthorizationCodes {
  private readonly codes = new Map<string, AuthorizedCode & { expiresAtMs: number }>();

  constructor(private readonly clock: MovableClock) {}

  issue(authorized: AuthorizedCode): string {
    this.dropExpired();
    const code = `${zoomIdentifier()}_${authorized.zoomUserId}`;
    this.codes.set(code, { ...authorized, expiresAtMs: this.clock.nowMs() + CODE_LIFETIME_MS });
    return code;
  }

  /** Finds a valid code. It stays valid until `consume`. */
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

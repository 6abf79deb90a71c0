const CAPACITY = 1000;

/** One request to the sandbox, without the query and without tokens. */
export interface LoggedRequest {
  time: string;
  method: string;
  path: string;
  /** Null until the answer, and for ever if a fault withheld it. */
  status: number | null;
  grantId: string | null;
}

/** The last thousand requests. */
export class RequestLog {
  private entries: LoggedRequest[] = [];

  open(time: Date, method: string, path: string): LoggedRequest {
    const entry = { time: time.toISOString(), method, path, status: null, grantId: null };
    this.entries.push(entry);
    if (this.entries.length > CAPACITY) this.entries.shift();
    return entry;
  }

  list(): LoggedRequest[] {
    return this.entries.map((entry) => ({ ...entry }));
  }

  clear(): void {
    this.entries = [];
  }
}

export type CountedGrantType = 'authorizationCode' | 'refreshToken' | 'accountCredentials';

/** What happened since the last reset. */
export interface CounterSnapshot {
  /** Valid authorization requests. */
  authorizations: number;
  consents: number;
  declines: number;
  /** All token requests that arrived, successful or not. */
  tokenRequests: Record<CountedGrantType, number>;
  refreshes: { granted: number; rejected: number };
  /** The largest number of times that the same refresh token was accepted. */
  maxRedemptionsOfOneRefreshToken: number;
  /** The largest number of times that the same refresh token was sent, accepted or not. */
  maxPresentationsOfOneRefreshToken: number;
  /** How many times a refresh token was sent that had been sent before. */
  repeatedPresentations: number;
  /** Grants that ended through the revocation endpoint. */
  revocations: number;
  apiRequests: number;
  apiRequestsByPath: Record<string, number>;
}

function zero(): CounterSnapshot {
  return {
    authorizations: 0,
    consents: 0,
    declines: 0,
    tokenRequests: { authorizationCode: 0, refreshToken: 0, accountCredentials: 0 },
    refreshes: { granted: 0, rejected: 0 },
    maxRedemptionsOfOneRefreshToken: 0,
    maxPresentationsOfOneRefreshToken: 0,
    repeatedPresentations: 0,
    revocations: 0,
    apiRequests: 0,
    apiRequestsByPath: {},
  };
}

export class Counters {
  private values = zero();
  private redemptions = new Map<string, number>();
  private presentations = new Map<string, number>();

  increment(name: 'authorizations' | 'consents' | 'declines' | 'revocations'): void {
    this.values[name] += 1;
  }

  countTokenRequest(grantType: CountedGrantType): void {
    this.values.tokenRequests[grantType] += 1;
  }

  countRefresh(outcome: 'granted' | 'rejected', jti: string | undefined): void {
    this.values.refreshes[outcome] += 1;
    if (jti === undefined) return;
    const presentations = raise(this.presentations, jti);
    if (presentations > 1) this.values.repeatedPresentations += 1;
    this.values.maxPresentationsOfOneRefreshToken = Math.max(
      this.values.maxPresentationsOfOneRefreshToken,
      presentations,
    );
    if (outcome === 'rejected') return;
    this.values.maxRedemptionsOfOneRefreshToken = Math.max(
      this.values.maxRedemptionsOfOneRefreshToken,
      raise(this.redemptions, jti),
    );
  }

  countApiRequest(path: string): void {
    this.values.apiRequests += 1;
    this.values.apiRequestsByPath[path] = (this.values.apiRequestsByPath[path] ?? 0) + 1;
  }

  snapshot(): CounterSnapshot {
    return structuredClone(this.values);
  }

  reset(): void {
    this.values = zero();
    this.redemptions = new Map();
    this.presentations = new Map();
  }
}

function raise(counts: Map<string, number>, key: string): number {
  const count = (counts.get(key) ?? 0) + 1;
  counts.set(key, count);
  return count;
}

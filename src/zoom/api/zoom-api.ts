import { type Clock } from '../../lib/clock.js';
import { type Fetch, wasNeverSent } from '../../lib/http-client.js';
import { type Secret } from '../../lib/secret.js';
import { sleep } from '../../lib/timing.js';
import { AccountPauses, rateLabel } from './account-pauses.js';
import { type ApiFailure, classifyApiFailure } from './api-failure.js';
import { MAX_REDIRECTS, redirectTarget } from './api-redirect.js';
import { retryDelay } from './api-retry-policy.js';
import { Bulkhead, type BulkheadLimits } from './bulkhead.js';

/** One call of Zoom's REST API. `path` begins with `/users` or the like, without `/v2`. */
export interface ApiRequest {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  path: string;
  query?: Record<string, string | number | undefined>;
  body?: unknown;
}

/** With what a call is made. */
export interface ApiCredentials {
  accessToken: Secret;
  /** Base URL that Zoom named with the token; undefined: the configured one. */
  apiUrl?: string;
  /** Zoom's id of the organisation, whose rate limits the call falls under. */
  accountId?: string;
}

/** What came of a call. `body` is parsed JSON, undefined for an empty answer. */
export type ApiResult =
  | { ok: true; body: unknown; trackingId: string | undefined }
  | { ok: false; failure: ApiFailure; trackingId: string | undefined };

/** What the API client works with. */
export interface ZoomApiDependencies {
  /** Without `/v2`; used when the grant names no host of its own. */
  baseUrl: string;
  fetch: Fetch;
  /** Longest wait for a whole answer, ms, from when the call is sent. */
  timeoutMs: number;
  clock: Clock;
  jitter: () => number;
  /** Told of each answer, for the metrics. */
  onAnswer?: (answer: { method: string; status: number | undefined; durationMs: number }) => void;
  /** Told how long a call has waited for its turn, be it in vain. */
  onTurn?: (waitedMs: number) => void;
  /** Default: 128 calls, 30 s. */
  callsPerHost?: BulkheadLimits;
}

/** How many calls one process has under way at one host of Zoom's, and how long one more waits for its turn. */
const CALLS_PER_HOST: BulkheadLimits = { maxConcurrent: 128, maxWaitMs: 30_000 };

const NO_TURN: ApiResult = {
  ok: false,
  failure: { kind: 'unavailable', neverSent: true },
  trackingId: undefined,
};

/**
 * Sends calls with a given access token, so many at once and host, repeats those that failed for a passing reason,
 * and leaves an account alone while Zoom limits it. Knows no user.
 */
export class ZoomApi {
  readonly #pauses = new AccountPauses();
  /** By base URL: a host that hangs does not hold up the others. */
  readonly #bulkheads = new Map<string, Bulkhead>();

  constructor(private readonly dependencies: ZoomApiDependencies) {}

  /** Never rejects for what Zoom does or does not answer, nor for a turn that does not come in time. */
  async send(request: ApiRequest, credentials: ApiCredentials): Promise<ApiResult> {
    const { clock, jitter } = this.dependencies;
    const { method } = request;
    let began: number | undefined;
    const sendNow = async () => {
      // The budget is for repeating: the first wait for a turn is not taken from it.
      began ??= performance.now();
      return this.#whilePaused(request, credentials) ?? this.#sendOnce(request, credentials);
    };
    for (let tries = 1; ; tries++) {
      const result = this.#whilePaused(request, credentials) ?? (await this.#inTurn(credentials, sendNow));
      if (!result) return NO_TURN;
      if (result.ok) return result;
      began ??= performance.now();
      const elapsedMs = performance.now() - began;
      const delay = retryDelay(result.failure, { method, tries, elapsedMs, jitter: jitter(), now: clock() });
      if (delay === undefined) return result;
      await sleep(delay);
    }
  }

  async #inTurn(
    { apiUrl }: ApiCredentials,
    sendNow: () => Promise<ApiResult>,
  ): Promise<ApiResult | undefined> {
    const { baseUrl, onTurn, callsPerHost = CALLS_PER_HOST } = this.dependencies;
    const host = apiUrl ?? baseUrl;
    const bulkhead = this.#bulkheads.get(host) ?? new Bulkhead(callsPerHost);
    this.#bulkheads.set(host, bulkhead);
    const asked = performance.now();
    const report = () => onTurn?.(performance.now() - asked);
    const result = await bulkhead.run(() => {
      report();
      return sendNow();
    });
    if (!result) report();
    return result;
  }

  #whilePaused({ method, path }: ApiRequest, { accountId }: ApiCredentials): ApiResult | undefined {
    if (accountId === undefined) return undefined;
    const retryAt = this.#pauses.endOf(accountId, rateLabel(method, path), this.dependencies.clock());
    if (!retryAt) return undefined;
    return { ok: false, failure: { kind: 'rate_limited', retryAt, per: 'account' }, trackingId: undefined };
  }

  #notePause({ method, path }: ApiRequest, { accountId }: ApiCredentials, failure: ApiFailure): void {
    if (failure.kind !== 'rate_limited' || failure.per === 'user' || accountId === undefined) return;
    this.#pauses.pause(accountId, rateLabel(method, path), failure.retryAt, this.dependencies.clock());
  }

  async #sendOnce(request: ApiRequest, credentials: ApiCredentials): Promise<ApiResult> {
    const { accessToken, apiUrl } = credentials;
    const { baseUrl, clock, onAnswer } = this.dependencies;
    const { method, path, query } = request;
    const url = new URL(`${apiUrl ?? baseUrl}/v2${path}`);
    for (const [name, value] of Object.entries(query ?? {}))
      if (value !== undefined) url.searchParams.set(name, String(value));
    const began = performance.now();
    const report = (status?: number) => onAnswer?.({ method, status, durationMs: performance.now() - began });
    try {
      const response = await this.#fetchFollowing(request, url, accessToken);
      const result = await readAnswer(response, clock());
      report(response.status);
      if (!result.ok) this.#notePause(request, credentials, result.failure);
      return result;
    } catch (error) {
      report();
      const failure = { kind: 'unavailable' as const, neverSent: wasNeverSent(error) };
      return { ok: false, failure, trackingId: undefined };
    }
  }

  async #fetchFollowing({ method, body }: ApiRequest, first: URL, accessToken: Secret): Promise<Response> {
    const { fetch, timeoutMs } = this.dependencies;
    const init: RequestInit = {
      method,
      headers: {
        authorization: `Bearer ${accessToken.reveal()}`,
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(timeoutMs),
      // By hand: the token goes along only to a host that may have it.
      redirect: 'manual',
    };
    for (let url = first, hops = 0; ; hops++) {
      const response = await fetch(url.href, init);
      const { status, headers } = response;
      const target = redirectTarget({ status, location: headers.get('location') }, method, url);
      if (!target || hops === MAX_REDIRECTS) return response;
      await response.body?.cancel();
      url = target;
    }
  }
}

async function readAnswer(response: Response, now: Date): Promise<ApiResult> {
  const trackingId = response.headers.get('x-zm-trackingid') ?? undefined;
  const text = await response.text();
  const body = parseJson(text);
  if (response.ok && (body !== undefined || text === '')) return { ok: true, body, trackingId };
  const retryAfter = response.headers.get('retry-after');
  const status = response.ok ? 502 : response.status;
  return { ok: false, failure: classifyApiFailure({ status, body, retryAfter }, now), trackingId };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

import { setTimeout as sleep } from 'node:timers/promises';
import { type Clock } from '../../lib/clock.js';
import { type Fetch, wasNeverSent } from '../../lib/http-client.js';
import { type Secret } from '../../lib/secret.js';
import { trustedApiUrl } from '../../oauth/zoom-api-url.js';
import { AccountPauses, rateLabel } from './account-pauses.js';
import { type ApiFailure, classifyApiFailure, classifyErrorInSuccess } from './api-failure.js';
import { MAX_REDIRECTS, redirectTarget } from './api-redirect.js';
import { retryDelay } from './api-retry-policy.js';
import { Bulkhead, type BulkheadLimits } from './bulkhead.js';
import { parseJson } from '../../lib/foreign-text.js';
import { errorInSuccess } from './error-body.js';

/** One call of Zoom's REST API. `path` does not contain the version: it begins with `/users` or `/meetings`. */
export interface ApiRequest {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  path: string;
  query?: Record<string, string | number | undefined>;
  body?: unknown;
}

export interface ApiCredentials {
  accessToken: Secret;
  /** Base URL that Zoom named with the token; undefined: the configured one. */
  apiUrl?: string | undefined;
  /** Zoom's id of the organisation whose rate limits apply; undefined: not known, so no pause is kept. */
  accountId?: string | undefined;
}

/** The outcome of a call. `body` is parsed JSON, undefined for an empty answer. */
export type ApiResult =
  | { ok: true; body: unknown; zoomTrackingId: string | undefined }
  | { ok: false; failure: ApiFailure; zoomTrackingId: string | undefined };

export interface ZoomApiDependencies {
  /** Without `/v2`; used when Zoom named no base URL with the token. */
  baseUrl: string;
  fetch: Fetch;
  /** Timeout for the whole answer, ms, from when the call is sent. */
  timeoutMs: number;
  clock: Clock;
  /** A number from 0 to 1. */
  jitter: () => number;
  /** Called for each request that was sent, for the metrics; `status` undefined: no complete answer came. */
  onAnswer?: (answer: { method: string; status: number | undefined; durationMs: number }) => void;
  /** Called with how long a call has waited in the queue, also when it waited in vain. */
  onTurn?: (waitedMs: number) => void;
  /** Default: 128 calls at once, and at most 30 s in the queue. */
  callsPerHost?: BulkheadLimits;
}

/** The calls that one process sends to one host of Zoom at once, and how long a further call waits in the queue. */
const CALLS_PER_HOST: BulkheadLimits = { maxConcurrent: 128, maxWaitMs: 30_000 };

const NOT_SENT: ApiResult = {
  ok: false,
  failure: { kind: 'unavailable', neverSent: true },
  zoomTrackingId: undefined,
};

/**
 * Sends API calls with a given access token: limits concurrency per host, retries transient failures, and stops
 * calling an account while Zoom rate-limits it.
 */
export class ZoomApi {
  readonly #pauses = new AccountPauses();
  /** By base URL, so that a host that hangs does not delay calls to the others. */
  readonly #bulkheads = new Map<string, Bulkhead>();

  constructor(private readonly dependencies: ZoomApiDependencies) {}

  /** Does not reject: every failure, also a timeout in the queue, is an {@link ApiResult}. */
  async send(request: ApiRequest, credentials: ApiCredentials): Promise<ApiResult> {
    const { clock, jitter } = this.dependencies;
    const { method } = request;
    let firstSentAt: number | undefined;
    const sendNow = () => {
      // The retry budget does not include the first wait in the queue.
      firstSentAt ??= performance.now();
      return this.#sendOnce(request, credentials);
    };
    for (let tries = 1; ; tries++) {
      const result = await this.#bulkheadFor(credentials).run(sendNow);
      if (!result) return NOT_SENT;
      if (result.ok) return result;
      const elapsedMs = performance.now() - (firstSentAt ?? 0);
      const delay = retryDelay(result.failure, { method, tries, elapsedMs, jitter: jitter(), now: clock() });
      if (delay === undefined) return result;
      await sleep(delay);
    }
  }

  /**
   * The base URL that Zoom named with the token counts only while the configured one is itself a host of Zoom. Another
   * one, such as a proxy for outgoing calls, is there so that all calls pass through it. It is checked here, although it
   * was checked when it came, because whoever can write to the database could have changed it since.
   */
  #baseUrlFor({ apiUrl }: ApiCredentials): string {
    const { baseUrl } = this.dependencies;
    if (apiUrl === undefined || trustedApiUrl(baseUrl) === undefined) return baseUrl;
    return trustedApiUrl(apiUrl) ?? baseUrl;
  }

  #bulkheadFor(credentials: ApiCredentials): Bulkhead {
    const { onTurn, callsPerHost = CALLS_PER_HOST } = this.dependencies;
    const host = this.#baseUrlFor(credentials);
    const bulkhead = this.#bulkheads.get(host) ?? new Bulkhead(callsPerHost, onTurn);
    this.#bulkheads.set(host, bulkhead);
    return bulkhead;
  }

  #duringPause({ method, path }: ApiRequest, { accountId }: ApiCredentials): ApiResult | undefined {
    if (accountId === undefined) return undefined;
    const retryAt = this.#pauses.endOf(accountId, rateLabel(method, path), this.dependencies.clock());
    if (!retryAt) return undefined;
    return {
      ok: false,
      failure: { kind: 'rate_limited', retryAt, per: 'account' },
      zoomTrackingId: undefined,
    };
  }

  #notePause({ method, path }: ApiRequest, { accountId }: ApiCredentials, failure: ApiFailure): void {
    if (failure.kind !== 'rate_limited' || failure.per === 'user' || accountId === undefined) return;
    this.#pauses.pause(accountId, rateLabel(method, path), failure.retryAt, this.dependencies.clock());
  }

  /** Sends nothing while Zoom limits the account, also when that began while the call was in the queue. */
  async #sendOnce(request: ApiRequest, credentials: ApiCredentials): Promise<ApiResult> {
    const paused = this.#duringPause(request, credentials);
    if (paused) return paused;
    const { clock, onAnswer } = this.dependencies;
    const { method } = request;
    const began = performance.now();
    const report = (status?: number) => onAnswer?.({ method, status, durationMs: performance.now() - began });
    try {
      const response = await this.#fetchFollowing(request, credentials);
      const result = await readAnswer(response, clock());
      report(response.status);
      if (!result.ok) this.#notePause(request, credentials, result.failure);
      return result;
    } catch (error) {
      report();
      const failure = { kind: 'unavailable' as const, neverSent: wasNeverSent(error) };
      return { ok: false, failure, zoomTrackingId: undefined };
    }
  }

  async #fetchFollowing(request: ApiRequest, credentials: ApiCredentials): Promise<Response> {
    const { fetch, timeoutMs } = this.dependencies;
    const { method, body } = request;
    const init: RequestInit = {
      method,
      headers: {
        authorization: `Bearer ${credentials.accessToken.reveal()}`,
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(timeoutMs),
      // Redirects are followed here, so that the token goes only to a host that may have it.
      redirect: 'manual',
    };
    for (let url = urlOf(request, this.#baseUrlFor(credentials)), hops = 0; ; hops++) {
      const response = await fetch(url.href, init);
      const { status, headers } = response;
      const target = redirectTarget({ status, location: headers.get('location') }, method, url);
      if (!target || hops === MAX_REDIRECTS) return response;
      await response.body?.cancel();
      url = target;
    }
  }
}

function urlOf({ path, query = {} }: ApiRequest, baseUrl: string): URL {
  const url = new URL(`${baseUrl}/v2${path}`);
  for (const [name, value] of Object.entries(query))
    if (value !== undefined) url.searchParams.set(name, String(value));
  return url;
}

async function readAnswer(response: Response, now: Date): Promise<ApiResult> {
  const { status, headers } = response;
  const zoomTrackingId = headers.get('x-zm-trackingid') ?? undefined;
  const retryAfter = headers.get('retry-after');
  const text = await response.text();
  if (!response.ok)
    return { ok: false, failure: classifyApiFailure({ status, text, retryAfter }, now), zoomTrackingId };
  const error = errorInSuccess(text);
  if (error) return { ok: false, failure: classifyErrorInSuccess(error, retryAfter, now), zoomTrackingId };
  const body = parseJson(text);
  if (body !== undefined || text.trim() === '') return { ok: true, body, zoomTrackingId };
  return { ok: false, failure: { kind: 'unavailable' }, zoomTrackingId };
}

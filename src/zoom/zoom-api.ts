import { type Clock } from '../clock';
import { type Fetch } from '../oauth/oauth-client';
import { type Secret } from '../secret';
import { sleep } from '../timing';
import { type ApiFailure, classifyApiFailure } from './api-failure';
import { retryDelay } from './api-retry-policy';

/** One call of Zoom's REST API. `path` begins with `/users` or the like, without `/v2`. */
export interface ApiRequest {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  path: string;
  query?: Record<string, string | number | undefined>;
  body?: unknown;
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
  timeoutMs: number;
  clock: Clock;
  jitter: () => number;
  /** Told of each answer, for the metrics. */
  onAnswer?: (answer: { method: string; status: number | undefined; durationMs: number }) => void;
}

/** Sends calls with a given access token and repeats a GET that failed for a passing reason. Knows no user. */
export class ZoomApi {
  constructor(private readonly dependencies: ZoomApiDependencies) {}

  /** Never rejects for what Zoom does or does not answer. */
  async send(request: ApiRequest, accessToken: Secret, apiUrl: string | undefined): Promise<ApiResult> {
    const { clock, jitter } = this.dependencies;
    const began = performance.now();
    for (let tries = 1; ; tries++) {
      const result = await this.#sendOnce(request, accessToken, apiUrl ?? this.dependencies.baseUrl);
      if (result.ok || request.method !== 'GET') return result;
      const elapsedMs = performance.now() - began;
      const delay = retryDelay(result.failure, { tries, elapsedMs, jitter: jitter(), now: clock() });
      if (delay === undefined) return result;
      await sleep(delay);
    }
  }

  async #sendOnce(
    { method, path, query, body }: ApiRequest,
    accessToken: Secret,
    baseUrl: string,
  ): Promise<ApiResult> {
    const { fetch, timeoutMs, clock, onAnswer } = this.dependencies;
    const url = new URL(`${baseUrl}/v2${path}`);
    for (const [name, value] of Object.entries(query ?? {}))
      if (value !== undefined) url.searchParams.set(name, String(value));
    const began = performance.now();
    const report = (status?: number) => onAnswer?.({ method, status, durationMs: performance.now() - began });
    try {
      const response = await fetch(url.href, {
        method,
        headers: {
          authorization: `Bearer ${accessToken.reveal()}`,
          accept: 'application/json',
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(timeoutMs),
        // A token goes to the host it was meant for and to no other.
        redirect: 'error',
      });
      const result = await readAnswer(response, clock());
      report(response.status);
      return result;
    } catch {
      report();
      return { ok: false, failure: { kind: 'unavailable' }, trackingId: undefined };
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

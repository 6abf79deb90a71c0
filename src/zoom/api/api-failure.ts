import { parseRetryAfter } from '../../lib/retry-after.js';

/** What an API answer other than a success means. */
export type ApiFailure =
  /** 401/124: Zoom refuses this access token. */
  | { kind: 'token_rejected' }
  | { kind: 'scope_missing'; scopes: string[] }
  | { kind: 'not_found' }
  | { kind: 'plan_required' }
  | { kind: 'invalid_request'; message: string }
  /** `per: 'user'`: the limit of 100 creations and updates a day of one user; else a limit of the whole account. */
  | { kind: 'rate_limited'; retryAt: Date; per: 'account' | 'user' }
  /** 5xx, HTML, no answer. `neverSent`: the call has certainly not reached Zoom. */
  | { kind: 'unavailable'; retryAt?: Date | undefined; neverSent?: boolean }
  /** An answer that this client does not know. */
  | { kind: 'unexpected'; status: number; code: number | undefined };

const SCOPE_ERRORS = new Set([4700, 4711]);
/** The account is not paid, or the user may not do this, or may not host. */
const PLAN_ERRORS = new Set([200, 3161]);
const PER_SECOND_PAUSE_MS = 1_000;
/** "... the daily rate limit (100) of Meeting Create/Update API requests permitted for this particular user." */
const USER_LIMIT = /particular user/i;

/** The parts of an answer that decide. `body`: parsed JSON, undefined if the body is not JSON. */
export interface ApiAnswer {
  status: number;
  body: unknown;
  retryAfter: string | null;
}

/**
 * Zoom's API errors have the form `{code, message}`. The code decides, because statuses vary (docs/zoom-protocol.md
 * §5.6, §5.8).
 */
export function classifyApiFailure({ status, body, retryAfter }: ApiAnswer, now: Date): ApiFailure {
  const { code, message = '' } = errorBody(body);
  if (status === 429)
    return {
      kind: 'rate_limited',
      retryAt: rateLimitEnd(message, retryAfter, now),
      per: USER_LIMIT.test(message) ? 'user' : 'account',
    };
  if (status >= 500) return { kind: 'unavailable', retryAt: parseRetryAfter(retryAfter, now) };
  if (code === undefined && status !== 404) return { kind: 'unavailable' };
  if (code === 124) return { kind: 'token_rejected' };
  if (code !== undefined && SCOPE_ERRORS.has(code))
    return { kind: 'scope_missing', scopes: scopesNamed(message) };
  if (status === 404) return { kind: 'not_found' };
  if (code !== undefined && PLAN_ERRORS.has(code)) return { kind: 'plan_required' };
  if (code === 300) return { kind: 'invalid_request', message };
  return { kind: 'unexpected', status, code };
}

function errorBody(body: unknown): { code?: number; message?: string } {
  if (typeof body !== 'object' || body === null) return {};
  const { code, message } = body as Record<string, unknown>;
  return {
    ...(typeof code === 'number' && { code }),
    ...(typeof message === 'string' && { message }),
  };
}

/** When the limit ends. Without a readable header, a daily limit ends at midnight UTC, and any other after a second. */
function rateLimitEnd(message: string, retryAfter: string | null, now: Date): Date {
  const named = parseRetryAfter(retryAfter, now);
  if (named) return named;
  if (!/daily/i.test(message)) return new Date(now.getTime() + PER_SECOND_PAUSE_MS);
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() + 1));
}

/** The user-level scopes in a message like `... does not contain scopes:[a, a:admin].` */
function scopesNamed(message: string): string[] {
  const listed = /scopes:\s*\[([^\]]*)\]/.exec(message)?.[1] ?? '';
  const scopes = listed
    .split(',')
    .map((scope) => scope.trim())
    .filter(Boolean);
  const userLevel = scopes.filter((scope) => !/:(admin|master)$/.test(scope));
  return userLevel.length > 0 ? userLevel : scopes;
}

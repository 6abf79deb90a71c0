import { parseRetryAfter } from '../../lib/retry-after.js';
import { type ErrorBody, readErrorBody } from './error-body.js';

/** What an API answer other than a success means. `code`: Zoom's own, if the answer names one. */
export type ApiFailure = { code?: number | undefined } & (
  | TokenRejected
  | Refusal
  /** `per: 'user'`: the limit of 100 creations and updates a day of one user; else a limit of the whole account. */
  | { kind: 'rate_limited'; retryAt: Date; per: 'account' | 'user' }
  /** 5xx, HTML, no answer. `neverSent`: the call has certainly not reached Zoom. */
  | { kind: 'unavailable'; retryAt?: Date | undefined; neverSent?: boolean }
);

/**
 * Zoom refuses this access token, or says 401 without a reason. `certain`: Zoom says that the token is not valid.
 * `otherwise`: what the answer means if Zoom gives it for a fresh token too.
 */
interface TokenRejected {
  kind: 'token_rejected';
  certain: boolean;
  otherwise: { code?: number | undefined } & Refusal;
}

/** Zoom's definite answer to a request that it understood: nothing has been changed, and a repetition is of no use. */
type Refusal =
  | { kind: 'scope_missing'; scopes: string[] }
  | { kind: 'not_found' }
  /** The account is not paid, or its settings forbid it. */
  | { kind: 'plan_required' }
  /** This user may not do this, whatever the plan. */
  | { kind: 'not_allowed' }
  /** The meeting is in progress, has ended, or is not of a kind that allows this. */
  | { kind: 'conflict' }
  /** `fields`: those that Zoom names, in Zoom's spelling. */
  | { kind: 'invalid_request'; fields: string[] }
  /** Any other refusal. */
  | { kind: 'refused' };

/** The codes with one meaning (docs/zoom-protocol.md §5.6). */
const REFUSALS = new Map<number, Refusal['kind']>([
  [200, 'plan_required'],
  [3161, 'plan_required'],
  [1010, 'not_allowed'],
  [1120, 'not_allowed'],
  [2306, 'not_allowed'],
  [3000, 'not_allowed'],
  [3003, 'not_allowed'],
  [3002, 'conflict'],
  [3007, 'conflict'],
  [3018, 'conflict'],
  [3037, 'conflict'],
  [1001, 'not_found'],
  [3001, 'not_found'],
  [3301, 'not_found'],
  [300, 'invalid_request'],
]);
/** What a status means when the code is unknown or missing. */
const STATUSES = new Map<number, Refusal['kind']>([
  [402, 'plan_required'],
  [403, 'not_allowed'],
  [404, 'not_found'],
  [409, 'conflict'],
  [410, 'not_found'],
]);
/** Code 3000 also says that the meeting is a webinar, an instant one, or has started. */
const STATE_WORDS = /webinar|instant|started|in progress|ended/i;
const TOKEN_ERROR = 124;
/** Without scopes in its message, 4700 means that the token is not accepted. */
const TOKEN_OR_SCOPE_ERROR = 4700;
const SCOPE_ERROR = 4711;
const SCOPE_WORDS = /does not contain scopes/i;
/** 408, 425: the request was not read in time, or too early. They say nothing about the request itself. */
const TRANSIENT_STATUSES = new Set([408, 425]);

const PER_SECOND_PAUSE_MS = 1_000;
const RATE_WORDS = /rate limit|too many (concurrent )?requests|maximum of \d+ meetings/i;
const DAILY_WORDS = /daily|(in|per) (one |a )?day/i;
/** "... permitted for this particular user", "... for a single user in one day". */
const USER_WORDS = /(particular|single) user/i;

/** The parts of an answer that decide. */
export interface ApiAnswer {
  status: number;
  text: string;
  retryAfter: string | null;
}

const NO_BODY: ErrorBody = { code: undefined, message: '', oauthError: undefined, fields: [] };

/**
 * What an answer other than a success means. The code decides before the status, because statuses vary
 * (docs/zoom-protocol.md §5.6, §5.8). Every 4xx is a definite refusal, except 408, 425 and 429.
 */
export function classifyApiFailure({ status, text, retryAfter }: ApiAnswer, now: Date): ApiFailure {
  return classifyErrorBody(status, readErrorBody(text) ?? NO_BODY, retryAfter, now);
}

/** What an error body under a status of success means: its code stands for the status if it is one. */
export function classifyErrorInSuccess(body: ErrorBody, retryAfter: string | null, now: Date): ApiFailure {
  const { code = 0 } = body;
  return classifyErrorBody(code >= 400 && code < 600 ? code : 400, body, retryAfter, now);
}

function classifyErrorBody(
  status: number,
  body: ErrorBody,
  retryAfter: string | null,
  now: Date,
): ApiFailure {
  const { code, message } = body;
  const known = code === undefined ? {} : { code };
  const isRefusal = status >= 400 && status < 500 && !TRANSIENT_STATUSES.has(status);
  if (status === 429 || (isRefusal && RATE_WORDS.test(message)))
    return {
      ...known,
      kind: 'rate_limited',
      retryAt: rateLimitEnd(message, retryAfter, now),
      per: USER_WORDS.test(message) ? 'user' : 'account',
    };
  if (!isRefusal) return { ...known, kind: 'unavailable', retryAt: parseRetryAfter(retryAfter, now) };
  const refusal = { ...known, ...classifyRefusal(status, body) };
  const certain = code === TOKEN_ERROR || isTokenError(body);
  const isTokenProblem = certain || status === 401 || code === TOKEN_OR_SCOPE_ERROR;
  if (refusal.kind === 'scope_missing' || !isTokenProblem) return refusal;
  return { ...known, kind: 'token_rejected', certain, otherwise: refusal };
}

function isTokenError({ oauthError }: ErrorBody): boolean {
  return oauthError === 'invalid_token' || oauthError === 'expired_token';
}

function classifyRefusal(status: number, { code, message, oauthError, fields }: ErrorBody): Refusal {
  const scopes = scopesNamed(message);
  if (code === SCOPE_ERROR || scopes.length > 0 || SCOPE_WORDS.test(message))
    return { kind: 'scope_missing', scopes };
  if (oauthError === 'insufficient_scope') return { kind: 'scope_missing', scopes: [] };
  const kind = REFUSALS.get(code ?? NaN) ?? STATUSES.get(status);
  if (kind === 'not_allowed' && code === 3000 && STATE_WORDS.test(message)) return { kind: 'conflict' };
  if (kind === 'invalid_request' || (!kind && fields.length > 0)) return { kind: 'invalid_request', fields };
  if (!kind || kind === 'scope_missing') return { kind: 'refused' };
  return { kind };
}

/**
 * When the limit ends: in a second at the earliest, also if Zoom names an earlier instant. Without a readable header, a
 * daily limit ends at midnight UTC, and any other after a second.
 */
function rateLimitEnd(message: string, retryAfter: string | null, now: Date): Date {
  const earliest = now.getTime() + PER_SECOND_PAUSE_MS;
  const named = parseRetryAfter(retryAfter, now)?.getTime();
  if (named !== undefined) return new Date(Math.max(named, earliest));
  if (!DAILY_WORDS.test(message)) return new Date(earliest);
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

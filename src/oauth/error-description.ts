import { isHtml, parseJson, xmlElement } from '../lib/foreign-text.js';

/** The values of `error` that a token or revocation endpoint may send (RFC 6749 §5.2, RFC 7009 §2.2.1, RFC 6750 §3.1). */
const OAUTH_ERRORS = [
  'invalid_request',
  'invalid_client',
  'invalid_grant',
  'unauthorized_client',
  'unsupported_grant_type',
  'invalid_scope',
  'invalid_token',
  'unsupported_token_type',
  'access_denied',
  'server_error',
  'temporarily_unavailable',
] as const;

/** `other`: a text that is in none of these RFCs. */
export type OAuthErrorCode = (typeof OAUTH_ERRORS)[number] | 'other';

/** What Zoom's texts mean, as far as they are known (docs/zoom-protocol.md §3). The texts themselves may hold values. */
export type ErrorReason =
  | 'dead_token'
  | 'redirect_mismatch'
  | 'invalid_code'
  | 'invalid_client'
  | 'grant_type'
  | 'scopes_changed'
  | 'disabled_by_admin'
  | 'app_disabled';

/** What an error body says, in a closed vocabulary: no text of the other side is kept. */
export interface ErrorDescription {
  error?: OAuthErrorCode | undefined;
  reason?: ErrorReason | undefined;
  /** A number of Zoom, such as 4741. */
  code?: number | undefined;
}

const TEXTS: readonly [RegExp, ErrorReason][] = [
  [/redirect[ _-]?(uri|url)/i, 'redirect_mismatch'],
  [/authorization code|code is expired/i, 'invalid_code'],
  [/client[ _]?(id|secret)|invalid client/i, 'invalid_client'],
  [/grant[ _]type/i, 'grant_type'],
  [/scopes do not match/i, 'scopes_changed'],
  [/disabled by admin/i, 'disabled_by_admin'],
  [/app has been disabled/i, 'app_disabled'],
];

/** Only this exact text ends a connection without an `error` beside it. It stands in `reason` (docs/zoom-protocol.md §3). */
const DEAD_TOKEN = 'Invalid Token!';

const REASON_MEMBERS = ['reason', 'error_description'];
const TEXT_MEMBERS = [...REASON_MEMBERS, 'message', 'errorMessage', 'error_message', 'error'];
const CODE_MEMBERS = ['code', 'errorCode', 'error_code', 'error'];
const CODE = /^\d{1,6}$/;

/**
 * Reads an error body in any dress that a token endpoint has been seen to use: `{error, reason}`, `{reason}`,
 * `{error, error_description}`, `{code, message}`, `{errorCode, errorMessage}`, the same inside `error` or `errors`, and
 * XML with elements of these names. Empty for everything else, such as HTML. Never throws.
 * @see RFC 6749 §5.2, docs/zoom-protocol.md §3
 */
export function describeError(body: string): ErrorDescription {
  const parts = partsOf(body);
  const values = (names: readonly string[]) =>
    parts.flatMap((part) => names.map((name) => part[name])).filter((value) => value !== undefined);
  const error = errorOf(values(CODE_MEMBERS), values(['error']));
  const reason = reasonOf(values(REASON_MEMBERS), values(TEXT_MEMBERS));
  const code = values(CODE_MEMBERS).map(codeOf).find(Boolean);
  return { ...(error && { error }), ...(reason && { reason }), ...(code && { code }) };
}

/**
 * Whether the description is that of an OAuth error beyond doubt, so that it is one under a status of success too: an
 * `error` of RFC 6749 §5.2, the text for a dead token, or a number of Zoom's OAuth errors (47xx).
 */
export function isOAuthError({ error, reason, code = 0 }: ErrorDescription): boolean {
  return (
    OAUTH_ERRORS.slice(0, 6).some((known) => known === error) ||
    reason === 'dead_token' ||
    (code >= 4700 && code < 4800)
  );
}

function errorOf(candidates: readonly unknown[], named: readonly unknown[]): OAuthErrorCode | undefined {
  const texts = candidates.filter((value) => typeof value === 'string').map((text) => text.trim());
  const known = OAUTH_ERRORS.find((error) => texts.includes(error));
  if (known) return known;
  return named.some((value) => typeof value === 'string' && value.trim() !== '') ? 'other' : undefined;
}

function reasonOf(reasons: readonly unknown[], texts: readonly unknown[]): ErrorReason | undefined {
  if (reasons.some((text) => typeof text === 'string' && text.trim() === DEAD_TOKEN)) return 'dead_token';
  const isWords = (text: unknown) =>
    typeof text === 'string' && !OAUTH_ERRORS.some((error) => error === text.trim());
  const whole = texts.filter(isWords).join('\n');
  return TEXTS.find(([pattern]) => pattern.test(whole))?.[1];
}

/** Zoom's number, as a number or as digits. */
function codeOf(value: unknown): number | undefined {
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' && CODE.test(text.trim()) ? Number(text) : undefined;
}

type Part = Record<string, unknown>;

/** An error says what it says at its beginning. */
const LONGEST_XML = 10_000;

/** The objects that may hold the members, the outermost first. */
function partsOf(body: string): Part[] {
  const whole = parseJson(body);
  if (whole === undefined) return [xmlMembers(body.slice(0, LONGEST_XML))];
  if (!isPart(whole)) return [];
  const { error, errors } = whole;
  const first: unknown = Array.isArray(errors) ? errors[0] : errors;
  return [whole, error, first].filter(isPart);
}

function isPart(value: unknown): value is Part {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The elements of an XML error, whatever is around them. */
function xmlMembers(body: string): Part {
  if (isHtml(body)) return {};
  const names = [...new Set([...TEXT_MEMBERS, ...CODE_MEMBERS])];
  return Object.fromEntries(names.map((name) => [name, xmlElement(body, name)]));
}

import { type OnOddity } from '../lib/oddities.js';
import { Secret } from '../lib/secret.js';
import { errorOf, readAnswer } from './answer.js';
import { parseJson } from '../lib/foreign-text.js';
import { trustedApiUrl } from './zoom-api-url.js';

/** A successful token response. */
export interface TokenResponse {
  accessToken: Secret;
  /** Absent: the one in use stays valid (RFC 6749 §6). Zoom sends a new one each time. */
  refreshToken: Secret | undefined;
  /** Seconds from the response, 1 to 86,400; 3600, Zoom's documented lifetime, when the server names no such number. */
  expiresInSeconds: number;
  /** Empty: the server does not say which scopes were granted. */
  scopes: string[];
  /** Zoom's base URL for API calls with this token; undefined when Zoom names none or one outside zoom.us. */
  apiUrl: string | undefined;
  trackingId: string | undefined;
}

/** The members of a token response that are read. */
type TokenMember = 'token_type' | 'refresh_token' | 'expires_in' | 'scope' | 'api_url';

const ZOOM_ACCESS_TOKEN_LIFETIME_SECONDS = 3600;
/** A longer lifetime is a mistake, such as milliseconds: a token that is never refreshed would fail at its real end. */
const LONGEST_LIFETIME_SECONDS = 86_400;

/**
 * Reads the answer of the token endpoint. An access token under a status of success is enough: no other member can lose
 * it, or the refresh token beside it, because Zoom has rotated the old one by then. Members of another type than
 * documented are converted or count as absent, `null` counts as absent, and unknown ones are ignored (RFC 6749 §5.1).
 * `onOddity` gets the names of members that are not as documented.
 * @throws TokenRequestError when it is not a token response.
 * @see RFC 6749 §5.1, §5.2
 */
export async function parseTokenResponse(
  response: Response,
  answer: string,
  onOddity: OnOddity | undefined,
): Promise<TokenResponse> {
  const received = await readAnswer(response);
  const body = response.ok ? objectOf(received.body) : {};
  const accessToken = textOf(body['access_token']);
  if (accessToken === undefined) throw errorOf(received);
  const { value, odd } = readMembers(body);
  for (const field of odd) onOddity?.({ answer, field });
  return { accessToken: new Secret(accessToken), ...value, trackingId: received.trackingId };
}

/** Reads everything beside the access token, and which members were not as documented. */
function readMembers(body: Record<string, unknown>) {
  const odd: TokenMember[] = [];
  /** The value that a member has by `read`; undefined, and odd, if it has none. */
  const member = <T>(name: TokenMember, read: (value: unknown) => T | undefined): T | undefined => {
    if (body[name] === undefined) return undefined;
    const value = read(body[name]);
    if (value === undefined) odd.push(name);
    return value;
  };
  member('token_type', (type) => (textOf(type)?.toLowerCase() === 'bearer' ? type : undefined));
  const refreshToken = member('refresh_token', textOf);
  const apiUrl = member('api_url', textOf);
  const value = {
    refreshToken: refreshToken === undefined ? undefined : new Secret(refreshToken),
    expiresInSeconds: member('expires_in', lifetimeOf) ?? ZOOM_ACCESS_TOKEN_LIFETIME_SECONDS,
    scopes: member('scope', scopesOf) ?? [],
    apiUrl: apiUrl === undefined ? undefined : trustedApiUrl(apiUrl),
  };
  return { value, odd };
}

/** The members of a JSON object; none for anything else. */
function objectOf(body: string): Record<string, unknown> {
  const value = parseJson(body);
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

/** Whole seconds from a number or its digits. */
function lifetimeOf(value: unknown): number | undefined {
  const isNumber =
    typeof value === 'number' || (typeof value === 'string' && /^\d+(\.\d+)?$/.test(value.trim()));
  const seconds = isNumber ? Math.floor(Number(value)) : NaN;
  return seconds >= 1 && seconds <= LONGEST_LIFETIME_SECONDS ? seconds : undefined;
}

/** The scopes of a text, separated by white space or commas, or of a list of such texts. Undefined if there is none. */
function scopesOf(value: unknown): string[] | undefined {
  const texts = (Array.isArray(value) ? (value as unknown[]) : [value]).filter(
    (text) => typeof text === 'string',
  );
  const scopes = [...new Set(texts.flatMap((text) => text.split(/[\s,]+/)).filter(Boolean))];
  return scopes.length > 0 ? scopes : undefined;
}

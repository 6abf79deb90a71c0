import * as oauth from 'oauth4webapi';
import { Secret } from '../lib/secret.js';
import { networkError, TokenRequestError } from './token-request-error.js';
import { trustedApiUrl } from './zoom-api-url.js';

/** A successful token response. */
export interface TokenResponse {
  accessToken: Secret;
  /** Absent: the one in use stays valid (RFC 6749 §6). Zoom sends a new one each time. */
  refreshToken: Secret | undefined;
  /** Seconds from the response; 3600, Zoom's documented lifetime, when the server does not say. */
  expiresInSeconds: number;
  scopes: string[];
  /** Zoom's base URL for API calls with this token; undefined when Zoom names none or one outside zoom.us. */
  apiUrl: string | undefined;
  trackingId: string | undefined;
}

const ZOOM_ACCESS_TOKEN_LIFETIME_SECONDS = 3600;

/**
 * Reads the answer of the token endpoint.
 * @throws TokenRequestError when it is not a token response.
 * @see RFC 6749 §5.1, §5.2
 */
export async function parseTokenResponse(
  server: oauth.AuthorizationServer,
  client: oauth.Client,
  response: Response,
): Promise<TokenResponse> {
  if (response.status !== 200) throw await readErrorResponse(response);
  const body = await readWholeBody(response);
  const trackingId = trackingIdOf(response);
  const whole = new Response(body, { status: 200, headers: response.headers });
  try {
    const parsed = await oauth.processRefreshTokenResponse(server, client, whole);
    return {
      accessToken: new Secret(parsed.access_token),
      refreshToken: parsed.refresh_token === undefined ? undefined : new Secret(parsed.refresh_token),
      expiresInSeconds: parsed.expires_in ?? ZOOM_ACCESS_TOKEN_LIFETIME_SECONDS,
      scopes: parsed.scope?.split(/[ ,]+/).filter(Boolean) ?? [],
      apiUrl: typeof parsed['api_url'] === 'string' ? trustedApiUrl(parsed['api_url']) : undefined,
      trackingId,
    };
  } catch {
    // The library's error holds the body and therefore the tokens: it must not become a cause.
    throw new TokenRequestError({ kind: 'malformed_success' }, trackingId);
  }
}

/**
 * Reads an answer with a status other than 200: an error response (RFC 6749 §5.2, with Zoom's `reason` instead of
 * `error_description`), or HTML from a proxy in front of Zoom.
 */
export async function readErrorResponse(response: Response): Promise<TokenRequestError> {
  const retryAfter = response.headers.get('retry-after');
  const trackingId = trackingIdOf(response);
  const body: unknown = await response.json().catch(() => undefined);
  const { error, reason }: { error?: unknown; reason?: unknown } =
    typeof body === 'object' && body ? body : {};
  if (typeof error !== 'string')
    return new TokenRequestError({ kind: 'http_error', status: response.status, retryAfter }, trackingId);
  const failure = {
    kind: 'oauth_error' as const,
    status: response.status,
    error: error.slice(0, 64),
    reason: typeof reason === 'string' ? reason.slice(0, 200) : undefined,
    retryAfter,
  };
  return new TokenRequestError(failure, trackingId);
}

/** Reads the whole body. An answer that is cut off is a lost answer, not a malformed one. */
async function readWholeBody(response: Response): Promise<string> {
  try {
    return await response.text();
  } catch (error) {
    throw networkError(error);
  }
}

function trackingIdOf(response: Response): string | undefined {
  return response.headers.get('x-zm-trackingid') ?? undefined;
}

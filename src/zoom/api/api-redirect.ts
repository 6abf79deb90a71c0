import { trustedApiUrl } from '../../oauth/zoom-api-url.js';

/** How many redirects of one call are followed. */
export const MAX_REDIRECTS = 2;

/** The parts of an answer that decide about a redirect. */
export interface RedirectAnswer {
  status: number;
  location: string | null;
}

/**
 * Where the API redirects a call to (docs/zoom-protocol.md §5.1: another cluster). Undefined if it does not, or if the
 * access token must not be sent there. The token may go to the origin that has just received it, and from one host of
 * zoom.us to another. Only 307 and 308 keep a method that changes something.
 * @see RFC 9110 §15.4
 */
export function redirectTarget(
  { status, location }: RedirectAnswer,
  method: string,
  from: URL,
): URL | undefined {
  const keepsMethod = status === 307 || status === 308 || (method === 'GET' && [301, 302].includes(status));
  if (!keepsMethod || !location || !URL.canParse(location, from.href)) return undefined;
  const target = new URL(location, from);
  const betweenClusters = trustedApiUrl(from.href) !== undefined && trustedApiUrl(target.href) !== undefined;
  return target.origin === from.origin || betweenClusters ? target : undefined;
}

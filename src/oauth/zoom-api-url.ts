/**
 * The origin of an API base URL, if it is https on a host of zoom.us; otherwise undefined. Tokens are sent to no other
 * host, whatever a response says.
 */
export function trustedApiUrl(apiUrl: string): string | undefined {
  if (!URL.canParse(apiUrl)) return undefined;
  const { protocol, hostname, port, username, origin } = new URL(apiUrl);
  const trusted =
    protocol === 'https:' && port === '' && username === '' && /^([a-z0-9-]+\.)+zoom\.us$/.test(hostname);
  return trusted ? origin : undefined;
}

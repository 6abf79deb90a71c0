/**
 * The API base URL of a token response, if it is https on a host of zoom.us; else undefined. Tokens go to no other
 * host, whatever an answer says.
 */
export function trustedApiUrl(apiUrl: string): string | undefined {
  if (!URL.canParse(apiUrl)) return undefined;
  const { protocol, hostname, port, username, origin } = new URL(apiUrl);
  const trusted =
    protocol === 'https:' && port === '' && username === '' && /^([a-z0-9-]+\.)+zoom\.us$/.test(hostname);
  return trusted ? origin : undefined;
}

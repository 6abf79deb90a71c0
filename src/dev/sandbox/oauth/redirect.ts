/** A redirect URI with parameters added to its query, the URI itself left as it was registered. */
export function appendParameters(redirectUri: string, parameters: Record<string, string>): string {
  return `${redirectUri}${redirectUri.includes('?') ? '&' : '?'}${new URLSearchParams(parameters).toString()}`;
}

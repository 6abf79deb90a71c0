import { OAuthClient } from '../../src/oauth/oauth-client.js';
import { Secret } from '../../src/lib/secret.js';

/** A request as it would have left. */
export interface RecordedRequest {
  url: string;
  method: string | undefined;
  headers: Headers;
  body: URLSearchParams;
}

/** An OAuth client whose server gives one fixed answer, and what was sent to it. */
export function oauthClientWith(
  answer: () => Response | Promise<Response>,
  { clientId = 'client-id', clientSecret = 'client-secret' } = {},
) {
  const requests: RecordedRequest[] = [];
  const client = new OAuthClient(
    {
      baseUrl: 'https://zoom.us',
      clientId,
      clientSecret: new Secret(clientSecret),
      redirectUri: 'https://api.example.com/api/zoom/oauth/user-callback',
      timeoutMs: 1_000,
    },
    async (url, init) => {
      requests.push({
        url,
        method: init.method,
        headers: new Headers(init.headers),
        body: new URLSearchParams(init.body as URLSearchParams),
      });
      return answer();
    },
  );
  return { client, requests };
}

/** A JSON answer. */
export const json = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', ...headers } });

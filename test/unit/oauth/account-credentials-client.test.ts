import { Secret } from '../../../src/lib/secret.js';
import { AccountCredentialsClient } from '../../../src/oauth/account-credentials-client.js';
import { json } from '../../support/recorded-requests.js';

test('the token is asked for by the account of the app', async () => {
  const sent: [url: string, body: string][] = [];
  const client = new AccountCredentialsClient(
    {
      baseUrl: 'https://zoom.us',
      accountId: 'account-1',
      clientId: 'id',
      clientSecret: new Secret('s'),
      timeoutMs: 1_000,
    },
    (url, init) => {
      sent.push([url, String(init.body as URLSearchParams)]);
      return Promise.resolve(json(200, { access_token: 'at-1', token_type: 'bearer', expires_in: 3600 }));
    },
  );
  await client.requestAccessToken();
  expect(sent).toEqual([
    ['https://zoom.us/oauth/token', 'account_id=account-1&grant_type=account_credentials'],
  ]);
});

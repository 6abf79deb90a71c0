import { Secret } from '../../../src/lib/secret.js';
import { json, oauthClientWith } from '../../support/recorded-requests.js';

const TOKENS = { access_token: 'at-1', token_type: 'bearer', refresh_token: 'rt-1', expires_in: 3599 };
const refresh = (body: object) =>
  oauthClientWith(() => json(200, body)).client.refreshAccessToken(new Secret('rt-0'));

test.each([
  [{}, []],
  [{ scope: 'a b' }, ['a', 'b']],
  [{ scope: ' a,  b, ' }, ['a', 'b']],
])('the scopes of %j are %j', async (scope, scopes) => {
  expect(await refresh({ ...TOKENS, ...scope })).toMatchObject({ scopes });
});

test('an API URL that is no text is none', async () => {
  expect((await refresh({ ...TOKENS, api_url: 7 })).apiUrl).toBeUndefined();
});

// RFC 7009, token revocation.
import { type TokenRequestError } from '../../src/oauth/token-request-error.js';
import { Secret } from '../../src/lib/secret.js';
import { json, oauthClientWith } from '../support/recorded-requests.js';

describe('§2.1 revocation request', () => {
  test('sends the token as a form, with client authentication', async () => {
    const { client, requests } = oauthClientWith(() => json(200, { status: 'success' }));
    await client.revokeToken(new Secret('at-1'));
    expect(requests).toHaveLength(1);
    expect(requests[0]).toMatchObject({ method: 'POST', url: 'https://zoom.us/oauth/revoke' });
    expect(requests[0]?.body.get('token')).toBe('at-1');
    expect(requests[0]?.headers.get('authorization')).toMatch(/^Basic /);
  });
});

describe('§2.2 revocation response', () => {
  test.each<[string, () => Response]>([
    ["Zoom's body", () => json(200, { status: 'success' })],
    ['no body', () => new Response(null, { status: 200 })],
    ['any other body, which is ignored', () => new Response('<html>ok</html>', { status: 200 })],
  ])('200 with %s is a success', async (_what, answer) => {
    await expect(oauthClientWith(answer).client.revokeToken(new Secret('at-1'))).resolves.toBeUndefined();
  });

  test.each([400, 401, 429, 500, 503])('%i is none', async (status) => {
    const { client } = oauthClientWith(() => json(status, { error: 'unsupported_token_type' }));
    const error = (await client
      .revokeToken(new Secret('at-1'))
      .catch((thrown: unknown) => thrown)) as TokenRequestError;
    expect(error.failure).toMatchObject({ status });
  });
});

// RFC 7636, Proof Key for Code Exchange.
import { createHash } from 'node:crypto';
import * as oauth from 'oauth4webapi';
import { type OAuthClient } from '../../src/oauth/oauth-client.js';
import { json, oauthClientWith } from '../support/recorded-requests.js';

/** Appendix B. */
const VERIFIER = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
const CHALLENGE = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';

const s256 = (verifier: string) => createHash('sha256').update(verifier, 'ascii').digest('base64url');

/** A new authorization request: what stays here, and the query that leaves. */
async function requestOf(client: OAuthClient) {
  const { authorizationUrl, state, codeVerifier } = await client.createAuthorizationRequest();
  const { searchParams } = new URL(authorizationUrl);
  return { state, verifier: codeVerifier.reveal(), searchParams, authorizationUrl };
}

const { client, requests } = oauthClientWith(() => json(200, { access_token: 'a', token_type: 'bearer' }));

test('Appendix B: the verifier becomes the challenge', async () => {
  expect(await oauth.calculatePKCECodeChallenge(VERIFIER)).toBe(CHALLENGE);
  expect(s256(VERIFIER)).toBe(CHALLENGE);
});

test('§4.1: a verifier has 43 unreserved characters, and none is made twice', async () => {
  const made = await Promise.all(Array.from({ length: 50 }, () => requestOf(client)));
  for (const { verifier } of made) expect(verifier).toMatch(/^[A-Za-z0-9._~-]{43}$/);
  expect(new Set(made.flatMap(({ verifier, state }) => [verifier, state])).size).toBe(100);
});

test('§4.2, §4.3: the request holds the S256 challenge of its verifier, and not the verifier', async () => {
  const { verifier, searchParams, authorizationUrl } = await requestOf(client);
  expect(searchParams.get('code_challenge')).toBe(s256(verifier));
  expect(searchParams.get('code_challenge_method')).toBe('S256');
  expect(authorizationUrl).not.toContain(verifier);
});

test('§4.5: the code is redeemed with the verifier', async () => {
  const { codeVerifier, state } = await client.createAuthorizationRequest();
  const query = new URLSearchParams({ code: 'c', state });
  await client.exchangeAuthorizationCode({ query, state, codeVerifier });
  expect(requests[0]?.body.get('code_verifier')).toBe(codeVerifier.reveal());
});

import { buildAuthorizationUrl } from '../../../src/oauth/authorization-request.js';

const request = {
  authorizationEndpoint: 'https://zoom.us/oauth/authorize',
  clientId: 'client 1&',
  redirectUri: 'https://api.example.com/callback?x=1',
  state: 's/+=1',
  codeChallenge: 'challenge',
};

test('every value arrives as it was given, whatever characters it holds', () => {
  const url = new URL(buildAuthorizationUrl(request));
  expect(url.origin + url.pathname).toBe('https://zoom.us/oauth/authorize');
  expect(Object.fromEntries(url.searchParams)).toEqual({
    response_type: 'code',
    client_id: 'client 1&',
    redirect_uri: 'https://api.example.com/callback?x=1',
    state: 's/+=1',
    code_challenge: 'challenge',
    code_challenge_method: 'S256',
  });
});

test.each([
  [undefined, null],
  [[], null],
  [['user:read:user'], 'user:read:user'],
  [['user:read:user', 'meeting:read'], 'user:read:user,meeting:read'],
])('scopes %j are sent as %j', (scopes, expected) => {
  expect(new URL(buildAuthorizationUrl({ ...request, scopes })).searchParams.get('scope')).toBe(expected);
});

test("a parameter of the endpoint's own stays", () => {
  const url = buildAuthorizationUrl({
    ...request,
    authorizationEndpoint: 'https://zoom.us/oauth/authorize?_zmp=1',
  });
  expect(new URL(url).searchParams.get('_zmp')).toBe('1');
});

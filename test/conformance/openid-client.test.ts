// openid-client against the sandbox: client_secret_basic with percent-encoded credentials, S256, state.
import * as oauth from 'openid-client';
import {
  SANDBOX_S2S_ACCOUNT_ID,
  SANDBOX_S2S_CLIENT_ID,
  SANDBOX_S2S_CLIENT_SECRET,
} from '../../src/dev/sandbox/sandbox.js';
import {
  consentTo,
  describeCodeFlow,
  type LibraryClient,
  profileAt,
  type Registration,
} from '../support/library-flow.js';

/** Reads the metadata of the server (RFC 8414). */
const discover = ({ url, clientId, clientSecret }: Credentials, authentication: oauth.ClientAuth) =>
  oauth.discovery(new URL(url), clientId, clientSecret, authentication, {
    algorithm: 'oauth2',
    // The sandbox has no TLS. The mark as deprecated only warns of that.
    // eslint-disable-next-line @typescript-eslint/no-deprecated
    execute: [oauth.allowInsecureRequests],
  });

type Credentials = Omit<Registration, 'redirectUri'>;

function openidClient(registration: Registration): LibraryClient {
  const { clientSecret, redirectUri } = registration;
  const configuration = discover(registration, oauth.ClientSecretBasic(clientSecret));
  const pkceCodeVerifier = oauth.randomPKCECodeVerifier();
  const expectedState = oauth.randomState();
  const exchange = async (callbackUrl: string, verifier: string) =>
    toTokens(
      await oauth.authorizationCodeGrant(await configuration, new URL(callbackUrl), {
        pkceCodeVerifier: verifier,
        expectedState,
      }),
    );
  return {
    authorizationUrl: async (scopes) =>
      oauth.buildAuthorizationUrl(await configuration, {
        redirect_uri: redirectUri,
        state: expectedState,
        code_challenge: await oauth.calculatePKCECodeChallenge(pkceCodeVerifier),
        code_challenge_method: 'S256',
        ...(scopes && { scope: scopes.join(',') }),
      }).href,
    exchange: (callbackUrl) => exchange(callbackUrl, pkceCodeVerifier),
    exchangeWithOtherVerifier: (callbackUrl) => exchange(callbackUrl, oauth.randomPKCECodeVerifier()),
    refresh: async (refreshToken) =>
      toTokens(await oauth.refreshTokenGrant(await configuration, refreshToken)),
    revoke: async ({ accessToken }) => oauth.tokenRevocation(await configuration, accessToken),
    errorCode: (error) =>
      error instanceof oauth.ResponseBodyError || error instanceof oauth.AuthorizationResponseError
        ? error.error
        : undefined,
  };
}

function toTokens(tokens: oauth.TokenEndpointResponse & oauth.TokenEndpointResponseHelpers) {
  expect(tokens.token_type).toBe('bearer');
  return { accessToken: tokens.access_token, refreshToken: tokens.refresh_token ?? '' };
}

const { sandbox, registration } = describeCodeFlow(openidClient, { joinsScopesBy: 'comma' });

test('a consent that the user declines is reported as access_denied', async () => {
  const client = openidClient(registration());
  const { callbackUrl } = await consentTo(sandbox(), await client.authorizationUrl(), 'decline');
  const failure = await client.exchange(callbackUrl).catch((error: unknown) => error);
  expect(client.errorCode(failure)).toBe('access_denied');
});

test.each([
  ['client_secret_basic', oauth.ClientSecretBasic(SANDBOX_S2S_CLIENT_SECRET)],
  ['client_secret_post', oauth.ClientSecretPost(SANDBOX_S2S_CLIENT_SECRET)],
])(
  'a Server-to-Server app reads a profile with a token by account_credentials and %s',
  async (_method, authentication) => {
    const app = { clientId: SANDBOX_S2S_CLIENT_ID, clientSecret: SANDBOX_S2S_CLIENT_SECRET };
    const configuration = await discover({ url: sandbox().url, ...app }, authentication);
    const tokens = await oauth.genericGrantRequest(configuration, 'account_credentials', {
      account_id: SANDBOX_S2S_ACCOUNT_ID,
    });
    expect(tokens.refresh_token).toBeUndefined();
    const { id } = sandbox().control.addUser();
    expect(await profileAt(sandbox().url, tokens.access_token, id)).toMatchObject({
      status: 200,
      body: { id },
    });
  },
);

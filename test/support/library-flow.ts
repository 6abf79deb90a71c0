import { Browser } from '../../src/dev/demo/browser.js';
import { type Sandbox, startSandbox } from '../../src/dev/sandbox/sandbox.js';
import { consentAt } from './consent.js';

/** What an app registers at Zoom, and where Zoom is. */
export interface Registration {
  /** Base URL of the OAuth server and of the API, without a trailing slash. */
  url: string;
  clientId: string;
  clientSecret: string;
  redirectUri: string;
}

/** What a library read from a token answer. */
export interface LibraryTokens {
  accessToken: string;
  refreshToken: string;
}

/** One authorization of one user by a client library, in the form that {@link describeCodeFlow} drives. */
export interface LibraryClient {
  /** Begins: the address for the browser. Without scopes, the library is told none. */
  authorizationUrl(scopes?: readonly string[]): string | Promise<string>;
  /** Takes the address to which Zoom sent the browser back. */
  exchange(callbackUrl: string): Promise<LibraryTokens>;
  /** The same with another PKCE verifier than the one whose challenge was sent. Absent: the library has no PKCE. */
  exchangeWithOtherVerifier?(callbackUrl: string): Promise<LibraryTokens>;
  refresh(refreshToken: string): Promise<LibraryTokens>;
  /** Absent: the library cannot revoke. */
  revoke?(tokens: LibraryTokens): Promise<void>;
  /** The OAuth error code that the library read from an answer (RFC 6749 §5.2), from what it threw. */
  errorCode(error: unknown): string | undefined;
}

/** The sandbox of a file, once its hooks have run. */
export interface CodeFlow {
  sandbox: () => Sandbox;
  registration: () => Registration;
}

/** An id and a secret with `-` and `_`, as Zoom's have: some libraries percent-encode them before Basic. */
const CREDENTIALS = { clientId: '7lstjK9NTyett_oeXt-iEQ', clientSecret: 'Yq2LmVt4_Rc-X9nKdP0sWb6Hj' };

/** Lets a new user consent. Returns the address to which the browser is sent back, and the user. */
export async function consentTo(
  sandbox: Sandbox,
  authorizationUrl: string,
  decision: 'allow' | 'decline' = 'allow',
): Promise<{ callbackUrl: string; zoomUserId: string }> {
  const zoomUserId = sandbox.control.addUser().id;
  const callbackUrl = await consentAt(new Browser(), authorizationUrl, { zoomUserId, decision });
  return { callbackUrl, zoomUserId };
}

/** Reads a profile from the API: by default, of the user whom the access token belongs to. */
export async function profileAt(
  url: string,
  accessToken: string,
  user = 'me',
): Promise<{ status: number; body: unknown }> {
  const headers = { authorization: `Bearer ${accessToken}` };
  const response = await fetch(`${url}/v2/users/${user}`, { headers });
  return { status: response.status, body: await response.json() };
}

const ONE_SCOPE = ['user:read:user'];
export const TWO_SCOPES = ['user:read:user', 'meeting:read:list_meetings'];

/** Registers the tests of the whole authorization code flow of a library against the sandbox. */
export function describeCodeFlow(
  createClient: (registration: Registration) => LibraryClient,
  { joinsScopesBy }: { joinsScopesBy: 'comma' | 'space' },
): CodeFlow {
  const redirectUri = 'https://app.example.com/auth/callback/zoom';
  let sandbox: Sandbox;
  const registration = (): Registration => ({ url: sandbox.url, redirectUri, ...CREDENTIALS });
  const connect = async (client = createClient(registration()), scopes?: readonly string[]) => {
    const { callbackUrl, zoomUserId } = await consentTo(sandbox, await client.authorizationUrl(scopes));
    return { client, callbackUrl, zoomUserId, tokens: await client.exchange(callbackUrl) };
  };
  const codeOf = (client: LibraryClient, outcome: Promise<unknown>) =>
    outcome.then(
      () => 'no error',
      (error: unknown) => client.errorCode(error),
    );

  beforeAll(async () => {
    sandbox = await startSandbox({ app: { redirectUris: [redirectUri], ...CREDENTIALS } });
  });
  afterAll(() => sandbox.close());

  test('a consent leads to tokens that the API accepts', async () => {
    const { tokens, zoomUserId } = await connect();
    const { status, body } = await profileAt(sandbox.url, tokens.accessToken);
    expect([status, body]).toEqual([200, expect.objectContaining({ id: zoomUserId })]);
    expect(sandbox.control.isRefreshTokenLive(tokens.refreshToken)).toBe(true);
  });

  test('a refresh gives a new pair of tokens, and the API accepts the new one', async () => {
    const { client, tokens } = await connect();
    const renewed = await client.refresh(tokens.refreshToken);
    expect(renewed.refreshToken).not.toBe(tokens.refreshToken);
    expect((await profileAt(sandbox.url, renewed.accessToken)).status).toBe(200);
    expect((await profileAt(sandbox.url, tokens.accessToken)).status).toBe(401);
  });

  test('a code that was used is reported as invalid_grant', async () => {
    const { client, callbackUrl } = await connect();
    expect(await codeOf(client, client.exchange(callbackUrl))).toBe('invalid_grant');
  });

  test('a refresh token that was used is reported as invalid_grant', async () => {
    const { client, tokens } = await connect();
    await client.refresh(tokens.refreshToken);
    expect(await codeOf(client, client.refresh(tokens.refreshToken))).toBe('invalid_grant');
  });

  test('a wrong client secret is reported as invalid_client', async () => {
    const client = createClient({ ...registration(), clientSecret: 'wrong' });
    expect(await codeOf(client, connect(client))).toBe('invalid_client');
  });

  test('a code with another PKCE verifier is reported as invalid_grant, if the library has PKCE', async () => {
    const client = createClient(registration());
    const authorizationUrl = await client.authorizationUrl();
    const challenge = new URL(authorizationUrl).searchParams.get('code_challenge_method');
    expect(challenge).toBe(client.exchangeWithOtherVerifier ? 'S256' : null);
    if (!client.exchangeWithOtherVerifier) return;
    const { callbackUrl } = await consentTo(sandbox, authorizationUrl);
    expect(await codeOf(client, client.exchangeWithOtherVerifier(callbackUrl))).toBe('invalid_grant');
  });

  test('after the grant has ended, the API answers 401 and a refresh is reported as invalid_grant', async () => {
    const { client, tokens, zoomUserId } = await connect();
    if (client.revoke) await client.revoke(tokens);
    else await sandbox.control.uninstall(zoomUserId);
    expect(await profileAt(sandbox.url, tokens.accessToken)).toMatchObject({
      status: 401,
      body: { code: 124 },
    });
    expect(await codeOf(client, client.refresh(tokens.refreshToken))).toBe('invalid_grant');
  });

  test.each(
    (joinsScopesBy === 'comma' ? [ONE_SCOPE, TWO_SCOPES] : [ONE_SCOPE]).map((scopes) => ({ scopes })),
  )('the scopes $scopes are granted as asked', async ({ scopes }) => {
    const { zoomUserId } = await connect(createClient(registration()), scopes);
    const grant = sandbox.control.grants().find((one) => one.zoomUserId === zoomUserId);
    expect(grant?.scopes.toSorted()).toEqual(scopes.toSorted());
  });

  return { sandbox: () => sandbox, registration };
}

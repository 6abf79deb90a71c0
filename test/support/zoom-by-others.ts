import { FRONTEND, freePort, type Harness, someUser, startHarness } from './harness.js';
import { Browser } from '../../src/dev/demo/browser.js';
import { Secret } from '../../src/lib/secret.js';
import { CALLBACK_PATH } from '../../src/http/callback-route.js';

const HOUR_MS = 3_600_000;

/** The scopes that an authorization at a server of others grants. */
export const GRANTED_SCOPES = ['user:read:user', 'meeting:read:list_meetings'];

/** An OAuth server that others wrote, in Zoom's place: Zoom's paths, and `GET /v2/users/me` for its tokens. */
export interface ZoomByOthers {
  /** Base URL without a trailing slash. */
  url: string;
  /** Requests that it answered with success. */
  counts: { codes: number; refreshes: number; revocations: number };
  /** How many grants have tokens that it accepts. */
  liveGrants: () => number;
  /** It refuses every access token so far, and still accepts the refresh tokens. */
  endAccessTokens: () => void;
  /** It refuses every token so far. */
  endGrants: () => void;
  close: () => Promise<void>;
}

/** The app that our server is registered as. */
export interface RegisteredApp {
  clientId: string;
  clientSecret: string;
  redirectUri: string;
}

/** Our server in front of a server of others, once the hooks have run. */
export interface AgainstOthers<T extends ZoomByOthers> {
  harness: () => Harness;
  zoom: () => T;
  /** Starts an authorization, follows the redirects and returns where the user ends. */
  connect: (userId: string, changeUrl?: (authorizationUrl: string) => string) => Promise<string>;
  /** Asks for the profile: the code of the error, or `ok`. */
  askForProfile: (userId: string) => Promise<string>;
  statusOf: (userId: string) => Promise<string>;
}

/** Registers the tests of a connection from its begin to its end, with our server in front of a server of others. */
export function describeConnection<T extends ZoomByOthers>(
  startZoom: (app: RegisteredApp) => Promise<T>,
): AgainstOthers<T> {
  let zoom: T;
  let harness: Harness;
  beforeAll(async () => {
    const port = await freePort();
    const redirectUri = `http://127.0.0.1:${port}${CALLBACK_PATH}`;
    const app = { clientId: '7lstjK9NTyett_oeXt-iEQ', clientSecret: 'Yq2LmVt4_Rc-X9nKdP0s', redirectUri };
    zoom = await startZoom(app);
    harness = await startHarness({
      config: {
        http: { host: '127.0.0.1', port, trustProxy: false, corsOrigins: [FRONTEND], pages: false },
        zoom: {
          ...app,
          clientSecret: new Secret(app.clientSecret),
          oauthBaseUrl: zoom.url,
          apiBaseUrl: zoom.url,
        },
      },
    });
  });
  afterAll(async () => {
    await harness.close();
    await zoom.close();
  });

  const connect = async (userId: string, changeUrl = (url: string) => url) => {
    const browser = new Browser();
    const start = 'mutation { startZoomAuthorization { authorizationUrl } }';
    const { data } = await harness.graphql(userId, start, { browser });
    const authorizationUrl = changeUrl(data.startZoomAuthorization.authorizationUrl as string);
    const consented = await browser.fetch(authorizationUrl);
    const callback = await browser.fetch(consented.headers.get('location') ?? '');
    return callback.headers.get('location') ?? `HTTP ${callback.status}`;
  };
  const askForProfile = async (userId: string) => {
    const { data, errors } = await harness.graphql(userId, '{ zoomProfile { id email } }');
    if (!errors) expect(data.zoomProfile).toEqual({ id: expect.any(String), email: expect.any(String) });
    return errors?.[0]?.extensions.code ?? 'ok';
  };
  const statusOf = async (userId: string) =>
    (await harness.graphql(userId, '{ zoomConnection { status } }')).data.zoomConnection.status as string;
  const connectedUser = async () => {
    const userId = someUser();
    expect(await connect(userId)).toMatch(/[?&]zoom=connected$/);
    return userId;
  };

  test('a user connects and reads the profile', async () => {
    const userId = await connectedUser();
    expect(await askForProfile(userId)).toBe('ok');
    expect(await statusOf(userId)).toBe('CONNECTED');
  });

  test('twenty callers with one expired token are all served, by one refresh', async () => {
    const userId = await connectedUser();
    const before = zoom.counts.refreshes;
    await harness.advance(HOUR_MS);
    const answers = await Promise.all(Array.from({ length: 20 }, () => askForProfile(userId)));
    expect(new Set(answers)).toEqual(new Set(['ok']));
    expect(zoom.counts.refreshes - before).toBe(1);
  });

  test('each rotated refresh token is good for the next refresh', async () => {
    const userId = await connectedUser();
    const before = zoom.counts.refreshes;
    for (let hour = 1; hour <= 3; hour++) {
      await harness.advance(HOUR_MS);
      expect([hour, await askForProfile(userId)]).toEqual([hour, 'ok']);
    }
    expect(zoom.counts.refreshes - before).toBe(3);
  });

  test('a 401 in the words of this server leads to one refresh and one repeat', async () => {
    const userId = await connectedUser();
    const before = zoom.counts.refreshes;
    zoom.endAccessTokens();
    expect(await askForProfile(userId)).toBe('ok');
    expect(zoom.counts.refreshes - before).toBe(1);
  });

  test('a refused refresh token asks for a new authorization, and one heals the connection', async () => {
    const userId = await connectedUser();
    zoom.endGrants();
    await harness.advance(HOUR_MS);
    expect(await askForProfile(userId)).toBe('ZOOM_REAUTHORIZATION_REQUIRED');
    expect(await statusOf(userId)).toBe('REAUTHORIZATION_REQUIRED');
    expect(await connect(userId)).toMatch(/[?&]zoom=connected$/);
    expect(await askForProfile(userId)).toBe('ok');
  });

  test('a disconnect revokes the tokens there', async () => {
    zoom.endGrants();
    const userId = await connectedUser();
    expect(zoom.liveGrants()).toBe(1);
    const { data } = await harness.graphql(userId, 'mutation { revokeZoom { revokedAtZoom } }');
    expect(data.revokeZoom.revokedAtZoom).toBe('REVOKED');
    expect(zoom.liveGrants()).toBe(0);
    expect(await statusOf(userId)).toBe('REVOKED');
  });

  return { harness: () => harness, zoom: () => zoom, connect, askForProfile, statusOf };
}

import { SYSTEM_INITIATOR } from '../../src/audit/audit-log.js';
import { TokenCipher } from '../../src/grants/token-cipher.js';
import { type Harness, someUser, startHarness } from '../support/harness.js';

const HOUR = 3_600_000;
/** Made-up tokens: an injected answer comes in the place of Zoom's own work. */
const TOKENS = {
  access_token: 'at-new',
  refresh_token: 'rt-new',
  token_type: 'bearer',
  expires_in: 3599,
  scope: 'a:b:c',
};

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());
afterEach(() => {
  harness.sandbox.control.clearFaults();
});

const CONNECTION = '{ zoomConnection { status reason nextAction missingScopes grantedScopes } }';
const connectionOf = async (userId: string) =>
  (await harness.graphql(userId, CONNECTION)).data.zoomConnection as object;
const answerWith = (target: 'refresh' | 'exchange', body: unknown, status = 200) =>
  harness.sandbox.control.injectFault({ target, kind: 'status', status, body });

/** The tokens that the row of a user holds. */
async function storedTokens(userId: string): Promise<(string | undefined)[]> {
  const row = await harness.database.models.grants.findOne({ userId }).lean();
  const cipher = new TokenCipher(harness.config.encryptionKeys);
  const open = async (field: 'zoomAccessToken' | 'zoomRefreshToken') => {
    const sealed = row?.[field];
    return sealed === undefined ? undefined : (await cipher.open(sealed, { userId, field })).reveal();
  };
  return [await open('zoomAccessToken'), await open('zoomRefreshToken')];
}

const ODD_ANSWERS: [string, object, number][] = [
  ['scope: null', { ...TOKENS, scope: null }, 200],
  ['a list of scopes', { ...TOKENS, scope: ['user:read:user', 'meeting:read:list_meetings'] }, 200],
  ['expires_in: null', { ...TOKENS, expires_in: null }, 200],
  ['expires_in as text', { ...TOKENS, expires_in: '3599' }, 200],
  ['expires_in beyond all sense', { ...TOKENS, expires_in: 1e12 }, 200],
  ['no token_type', { ...TOKENS, token_type: undefined }, 200],
  ['another token_type', { ...TOKENS, token_type: 'mac' }, 200],
  ['id_token: null', { ...TOKENS, id_token: null }, 200],
  ['an id_token that is none', { ...TOKENS, id_token: 'a.b.c' }, 200],
  ['api_url of another type', { ...TOKENS, api_url: { eu: true } }, 200],
  ['nothing but the tokens', { access_token: 'at-new', refresh_token: 'rt-new' }, 200],
  ['status 201', TOKENS, 201],
];

describe('a refresh', () => {
  test.each(ODD_ANSWERS)(
    'answered with %s stores the pair, and the access token is used',
    async (_what, body, status) => {
      const userId = someUser();
      await harness.connect(userId);
      answerWith('refresh', body, status);
      await harness.server.services.tokens.refresh(userId, SYSTEM_INITIATOR);
      expect(await storedTokens(userId)).toEqual(['at-new', 'rt-new']);
      const { value } = await harness.server.services.tokens.get(userId, { initiator: SYSTEM_INITIATOR });
      expect(value.reveal()).toBe('at-new');
      expect(await connectionOf(userId)).toMatchObject({ status: 'CONNECTED', reason: null });
    },
  );

  test.each([null, '', undefined, 5, []])(
    'answered with the refresh token %j leaves the old one in use',
    async (refresh_token) => {
      const userId = someUser();
      await harness.connect(userId);
      const [, old] = await storedTokens(userId);
      answerWith('refresh', { ...TOKENS, refresh_token });
      await harness.server.services.tokens.refresh(userId, SYSTEM_INITIATOR);
      expect(await storedTokens(userId)).toEqual(['at-new', old]);
      await harness.advance(2 * HOUR);
      expect((await harness.graphql(userId, '{ zoomProfile { id } }')).errors).toBeUndefined();
    },
  );

  test('answered without scopes keeps those that were granted', async () => {
    const userId = someUser();
    await harness.connect(userId);
    const before = await connectionOf(userId);
    answerWith('refresh', { ...TOKENS, scope: null });
    await harness.server.services.tokens.refresh(userId, SYSTEM_INITIATOR);
    expect(await connectionOf(userId)).toEqual(before);
  });
});

describe('a code exchange', () => {
  test.each(ODD_ANSWERS)('answered with %s connects with the pair', async (_what, body, status) => {
    const userId = someUser();
    answerWith('exchange', { ...body, scope: (body as { scope?: unknown }).scope ?? null }, status);
    await harness.connect(userId);
    expect(await storedTokens(userId)).toEqual(['at-new', 'rt-new']);
    expect(await connectionOf(userId)).toMatchObject({ status: 'CONNECTED' });
  });

  test.each([undefined, null, '', [], {}, 5])(
    'answered with the scope %j connects, and Zoom decides',
    async (scope) => {
      const userId = someUser();
      answerWith('exchange', { ...TOKENS, scope });
      const { location } = await harness.connect(userId);
      expect(location).toContain('zoom=connected');
      expect(await connectionOf(userId)).toMatchObject({
        nextAction: 'NONE',
        missingScopes: [],
        grantedScopes: [],
      });
      harness.sandbox.control.resetCounters();
      await harness.graphql(userId, '{ zoomMeetings { totalCount } }');
      expect(harness.sandbox.control.requests().map(({ path }) => path)).toContain('/v2/users/me/meetings');
    },
  );

  test('answered with scopes on lines of their own grants them all', async () => {
    const userId = someUser();
    answerWith('exchange', { ...TOKENS, scope: 'user:read:user\nmeeting:read:list_meetings' });
    expect((await harness.connect(userId)).location).toContain('zoom=connected');
    expect(await connectionOf(userId)).toMatchObject({ missingScopes: [] });
  });

  test('answered with more scopes than were asked for connects, and keeps them all', async () => {
    const userId = someUser();
    const scope = 'user:read:user meeting:read:list_meetings user:read:zak user_zak:read a:new:scope';
    answerWith('exchange', { ...TOKENS, scope });
    expect((await harness.connect(userId)).location).toContain('zoom=connected');
    expect(await connectionOf(userId)).toMatchObject({ missingScopes: [], grantedScopes: scope.split(' ') });
  });

  test('answered without a refresh token connects until the access token ends', async () => {
    const userId = someUser();
    answerWith('exchange', { ...TOKENS, refresh_token: null, scope: null });
    expect((await harness.connect(userId)).location).toContain('zoom=connected');
    expect(await storedTokens(userId)).toEqual(['at-new', undefined]);
    await harness.advance(HOUR);
    const ended = { status: 'REAUTHORIZATION_REQUIRED', reason: 'NO_REFRESH_TOKEN', nextAction: 'RECONNECT' };
    expect(await connectionOf(userId)).toMatchObject(ended);
    harness.sandbox.control.resetCounters();
    const { errors } = await harness.graphql(userId, '{ zoomProfile { id } }');
    expect(errors?.[0]?.extensions).toEqual({
      code: 'ZOOM_REAUTHORIZATION_REQUIRED',
      reason: 'NO_REFRESH_TOKEN',
    });
    expect(harness.sandbox.control.requests()).toEqual([]);
    expect(await connectionOf(userId)).toMatchObject(ended);
  });
});

test('what is odd is counted, and logged once without its value', async () => {
  const userId = someUser();
  await harness.connect(userId);
  for (let refresh = 0; refresh < 3; refresh++) {
    answerWith('refresh', { ...TOKENS, scope: { odd: 'the-value' } });
    await harness.server.services.tokens.refresh(userId, SYSTEM_INITIATOR);
  }
  const told = harness.log.lines.filter(({ answer, field }) => answer === 'token' && field === 'scope');
  expect(told).toMatchObject([
    { level: 'warn', msg: 'an answer is not as documented; the rest of it is used' },
  ]);
  expect(harness.log.text()).not.toContain('the-value');
  const metrics = await (await fetch(`${harness.url}/metrics`)).text();
  expect(metrics).toMatch(/^zoom_odd_answers_total\{answer="token"\} \d+$/m);
});

import { createHash } from 'node:crypto';
import { CALLBACK_PATH } from '../../src/http/callback-route.js';
import { Browser } from '../../src/dev/demo/browser.js';
import { consentAt, type ConsentChoice } from '../support/consent.js';
import { FRONTEND, type Harness, someUser, startHarness } from '../support/harness.js';

const OPTIONAL = ['meeting:read:list_meetings', 'meeting:write:meeting'];
const SCOPES = ['user:read:user', ...OPTIONAL];
const MINUTE = 60_000;
const SETTINGS = `${FRONTEND}/settings`;
const CONNECTED = `${SETTINGS}?zoom=connected`;
const failed = (reason: string, returnTo = SETTINGS) => `${returnTo}?zoom=error&reason=${reason}`;

let harness: Harness;
beforeEach(async () => {
  harness = await startHarness({ sandbox: { app: { scopes: SCOPES, optionalScopes: OPTIONAL } } });
});
afterEach(() => harness.close());

/** A begun authorization in a browser. */
interface Attempt {
  userId: string;
  browser: Browser;
  authorizationUrl: string;
  state: string;
}

async function begin(browser = new Browser(), userId = someUser()): Promise<Attempt> {
  const start = `mutation { startZoomAuthorization(input: { returnTo: "${SETTINGS}" }) { authorizationUrl } }`;
  const { data } = await harness.graphql(userId, start, { browser });
  const authorizationUrl = data.startZoomAuthorization.authorizationUrl as string;
  return {
    userId,
    browser,
    authorizationUrl,
    state: new URL(authorizationUrl).searchParams.get('state') ?? '',
  };
}

const consent = ({ browser, authorizationUrl }: Attempt, choice?: ConsentChoice) =>
  consentAt(browser, authorizationUrl, choice);

/** Where the callback sends the browser. */
async function land(browser: Browser, url: string): Promise<string> {
  const response = await browser.fetch(url);
  expect(response.status).toBe(303);
  return response.headers.get('location') ?? '';
}

const callbackWith = (query: string) => `${harness.url}${CALLBACK_PATH}?${query}`;
const status = async (userId: string) =>
  (await harness.graphql(userId, '{ zoomConnection { status } }')).data.zoomConnection.status as string;
const trail = async (userId: string) =>
  (await harness.database.models.auditEvents.find({ userId }).sort({ occurredAt: 1, _id: 1 }).lean()).map(
    ({ type, cause }) => (cause ? `${type} ${cause}` : type),
  );
const exchanges = () => harness.sandbox.control.counters().tokenRequests.authorizationCode;

/** That the attempt left the user as they were, and that the trail tells why. */
async function expectNothingStored(userId: string, ...events: string[]): Promise<void> {
  expect(await harness.database.models.grants.findOne({ userId }).lean()).toBeNull();
  expect(await status(userId)).toBe('NOT_CONNECTED');
  expect(await trail(userId)).toEqual(['authorization.started', ...events]);
}

test('a consent connects; the redirect tells that and nothing else', async () => {
  const attempt = await begin();
  const callback = await consent(attempt);
  expect(await land(attempt.browser, callback)).toBe(CONNECTED);
  expect(await status(attempt.userId)).toBe('CONNECTED');
  expect(await trail(attempt.userId)).toEqual(['authorization.started', 'grant.authorized']);
  expect(exchanges()).toBe(1);
});

test.each(['iss=zoom.us', 'iss=evil.example', 'token=t&id_token=i&response=r', 'error='])(
  'a consent connects although the redirect has other parameters: %s',
  async (more) => {
    const attempt = await begin();
    expect(await land(attempt.browser, `${await consent(attempt)}&${more}`)).toBe(CONNECTED);
  },
);

describe('a state that is no good', () => {
  test.each([
    ['a code without a state (an install from the Marketplace)', 'code=abc_def', 'restart'],
    ['a code with the state null', 'code=abc_def&state=null', 'restart'],
    ['nothing at all', '', 'restart'],
    ['an install declined in the Marketplace', 'error=access_denied', 'access_denied'],
    ['a state that nobody was given', 'code=abc_def&state=invented', 'state_unknown'],
    ['an operator in the place of a state', 'code=abc_def&state[$ne]=', 'restart'],
    ['two states', 'code=abc_def&state=a&state=b', 'state_unknown'],
    ['two codes', 'code=abc_def&code=ghi_jkl&state=a', 'state_unknown'],
    ['an endless state', `code=abc_def&state=${'s'.repeat(5_000)}`, 'state_unknown'],
    ['a state that is no text', 'code=abc_def&state=%00%FF', 'state_unknown'],
  ])('%s ends at the default address', async (_what, query, reason) => {
    expect(await land(new Browser(), callbackWith(query))).toBe(failed(reason, `${FRONTEND}/`));
    expect(exchanges()).toBe(0);
    expect(await harness.database.models.grants.estimatedDocumentCount()).toBe(0);
  });

  test('parameters doubled on a real callback redeem nothing, and the real one still works', async () => {
    const attempt = await begin();
    const callback = await consent(attempt);
    expect(await land(attempt.browser, `${callback}&state=${attempt.state}`)).toBe(
      failed('state_unknown', `${FRONTEND}/`),
    );
    expect(exchanges()).toBe(0);
    expect(await land(attempt.browser, callback)).toBe(CONNECTED);
  });

  test('a callback after ten minutes has expired', async () => {
    const attempt = await begin();
    const callback = await consent(attempt);
    harness.clock.advance(10 * MINUTE);
    expect(await land(attempt.browser, callback)).toBe(failed('state_expired'));
    expect(exchanges()).toBe(0);
    await expectNothingStored(attempt.userId, 'authorization.failed state_expired');
  });

  test('a callback just before ten minutes is in time', async () => {
    const attempt = await begin();
    const callback = await consent(attempt);
    harness.clock.advance(10 * MINUTE - 5_000);
    expect(await land(attempt.browser, callback)).toBe(CONNECTED);
  });

  test('a replayed callback finds nothing, and the connection stays', async () => {
    const attempt = await begin();
    const callback = await consent(attempt);
    expect(await land(attempt.browser, callback)).toBe(CONNECTED);
    expect(await land(attempt.browser, callback)).toBe(failed('state_unknown', `${FRONTEND}/`));
    expect(await status(attempt.userId)).toBe('CONNECTED');
    expect(exchanges()).toBe(1);
  });

  test('of a callback doubled at once, one is redeemed', async () => {
    const attempt = await begin();
    const callback = await consent(attempt);
    const locations = await Promise.all([1, 2, 3].map(() => land(attempt.browser, callback)));
    expect(locations.toSorted()).toEqual(
      [
        CONNECTED,
        failed('state_unknown', `${FRONTEND}/`),
        failed('state_unknown', `${FRONTEND}/`),
      ].toSorted(),
    );
    expect(exchanges()).toBe(1);
    expect(await status(attempt.userId)).toBe('CONNECTED');
  });
});

describe('another browser', () => {
  test.each<[string, (attempt: Attempt) => Promise<Browser>]>([
    ['without any cookie', async () => new Browser()],
    ['that began an authorization of its own', async () => (await begin()).browser],
    [
      'of the same user that began another',
      async ({ userId }) => (await begin(new Browser(), userId)).browser,
    ],
  ])('%s is refused, and the one that began is not', async (_which, other) => {
    const attempt = await begin();
    const callback = await consent(attempt);
    expect(await land(await other(attempt), callback)).toBe(failed('browser_mismatch'));
    expect(exchanges()).toBe(0);
    expect(await harness.database.models.grants.findOne({ userId: attempt.userId }).lean()).toBeNull();
    expect(await trail(attempt.userId)).toContain('authorization.failed browser_mismatch');
    expect(await land(attempt.browser, callback)).toBe(CONNECTED);
  });

  test('with a cookie of the right name and a wrong value is refused', async () => {
    const attempt = await begin();
    const callback = await consent(attempt);
    const [name = ''] = attempt.browser
      .cookies(harness.url)
      .filter((cookie) => cookie.startsWith('zoom_auth_'));
    const response = await fetch(callback, { redirect: 'manual', headers: { cookie: `${name}=forged` } });
    expect(response.headers.get('location')).toBe(failed('browser_mismatch'));
    expect(exchanges()).toBe(0);
  });
});

describe('several tabs', () => {
  test('stay apart: each attempt ends by itself, in any order', async () => {
    const browser = new Browser();
    const userId = someUser();
    const [first, second, third] = [
      await begin(browser, userId),
      await begin(browser, userId),
      await begin(browser),
    ];
    expect(browser.cookies(harness.url)).toHaveLength(3);
    expect(await land(browser, await consent(second))).toBe(CONNECTED);
    expect(await land(browser, await consent(third, { decision: 'decline' }))).toBe(failed('access_denied'));
    expect(await land(browser, await consent(first))).toBe(CONNECTED);
    expect(browser.cookies(harness.url)).toEqual([]);
    expect(await status(userId)).toBe('CONNECTED');
    expect(await status(third.userId)).toBe('NOT_CONNECTED');
  });
});

describe('the user says no', () => {
  test('declined on the consent page', async () => {
    const attempt = await begin();
    expect(await land(attempt.browser, await consent(attempt, { decision: 'decline' }))).toBe(
      failed('access_denied'),
    );
    await expectNothingStored(attempt.userId, 'authorization.denied access_denied');
  });

  test.each([
    ['an error', 'error=access_denied', 'access_denied', 'authorization.denied access_denied'],
    ['nothing but the state', '', 'access_denied', 'authorization.denied access_denied'],
    [
      'an outage',
      'error=temporarily_unavailable',
      'zoom_unavailable',
      'authorization.failed zoom_unavailable',
    ],
    ['a server error', 'error=server_error', 'zoom_unavailable', 'authorization.failed zoom_unavailable'],
    ['a scope refused', 'error=invalid_scope', 'exchange_failed', 'authorization.failed exchange_failed'],
    [
      'an error beside a code',
      'error=access_denied&code=abc_def',
      'access_denied',
      'authorization.denied access_denied',
    ],
    [
      'an error that is markup',
      'error=%3Cscript%3E&error_description=%3Cscript%3E',
      'exchange_failed',
      'authorization.failed exchange_failed',
    ],
  ])('%s comes back with our state', async (_what, query, reason, event) => {
    const attempt = await begin();
    expect(await land(attempt.browser, callbackWith(`${query}&state=${attempt.state}`))).toBe(failed(reason));
    expect(exchanges()).toBe(0);
    await expectNothingStored(attempt.userId, event);
  });

  test('a refusal uses the state up', async () => {
    const attempt = await begin();
    await land(attempt.browser, callbackWith(`error=access_denied&state=${attempt.state}`));
    expect(await land(attempt.browser, callbackWith(`code=abc_def&state=${attempt.state}`))).toBe(
      failed('state_unknown', `${FRONTEND}/`),
    );
  });
});

describe('the exchange fails', () => {
  const html = { kind: 'html', status: 200 } as const;
  const refusal = (body: unknown, status = 400) => ({ kind: 'status', status, body });
  const REFUSED = 'exchange_failed';

  test.each<[string, object, string]>([
    [
      'a code refused',
      { kind: 'status', status: 400, body: { reason: 'Invalid authorization code', error: 'invalid_grant' } },
      'exchange_failed',
    ],
    ['an outage', { kind: 'status', status: 503 }, 'zoom_unavailable'],
    ['HTML from the edge', { kind: 'html' }, 'zoom_unavailable'],
    ['HTML with status 200', html, 'zoom_unavailable'],
    ['a rate limit', { kind: 'rate_limited' }, 'zoom_unavailable'],
    ['a reset', { kind: 'reset' }, 'zoom_unavailable'],
    ['an answer lost', { kind: 'drop_answer' }, 'zoom_unavailable'],
    ['no answer at all', { kind: 'hang' }, 'zoom_unavailable'],
    [
      'an older refusal',
      refusal({ reason: 'Invalid authorization code abc_def', error: 'invalid_request' }),
      REFUSED,
    ],
    ['a number', refusal({ code: 4733, message: 'Code is expired' }), REFUSED],
    ['a refusal in XML', refusal('<result><code>4734</code></result>'), REFUSED],
    ['a page with status 403', { kind: 'html', status: 403 }, REFUSED],
    ['nothing with status 404', refusal('', 404), REFUSED],
    ['an error under status 200', refusal({ error: 'invalid_grant' }, 200), REFUSED],
    ['a request that took too long', refusal({}, 408), 'zoom_unavailable'],
  ])('%s', async (_what, fault, reason) => {
    const attempt = await begin();
    const callback = await consent(attempt);
    harness.sandbox.control.injectFault({ target: 'exchange', ...fault } as Parameters<
      typeof harness.sandbox.control.injectFault
    >[0]);
    expect(await land(attempt.browser, callback)).toBe(failed(reason));
    await expectNothingStored(attempt.userId, `authorization.failed ${reason}`);
    expect(harness.log.text()).not.toContain('abc_def');
    const again = await begin(attempt.browser, attempt.userId);
    expect(await land(again.browser, await consent(again))).toBe(CONNECTED);
  });

  test.each([
    { reason: 'Invalid client_id or client_secret', error: 'invalid_client' },
    { reason: 'Redirect URI mismatch.', error: 'invalid_request' },
    { code: 4709, message: 'Redirect URI mismatch.' },
    { code: 4717, message: 'The app has been disabled' },
  ])('for a mistake of the operator, who gets an alarm: %j', async (body) => {
    const attempt = await begin();
    const callback = await consent(attempt);
    harness.sandbox.control.injectFault({ target: 'exchange', kind: 'status', status: 400, body });
    expect(await land(attempt.browser, callback)).toBe(failed('exchange_failed'));
    await expectNothingStored(attempt.userId, 'authorization.failed ZOOM_APP_MISCONFIGURED');
    expect(harness.log.lines).toContainEqual(
      expect.objectContaining({ level: 'fatal', msg: 'code exchange failed' }),
    );
  });

  test.each([400, 403, 404, 422])(
    'a refusal with status %i leaves no doubt about a former connection',
    async (status) => {
      const { userId, browser } = await begin().then(async (attempt) => {
        expect(await land(attempt.browser, await consent(attempt))).toBe(CONNECTED);
        return attempt;
      });
      const attempt = await begin(browser, userId);
      const callback = await consent(attempt);
      harness.sandbox.control.injectFault({
        target: 'exchange',
        kind: 'status',
        status,
        body: { message: 'no' },
      });
      expect(await land(browser, callback)).toBe(failed('exchange_failed'));
      const row = await harness.database.models.grants.findOne({ userId }).lean();
      expect(row).not.toHaveProperty('unsettledAuthorization');
    },
  );

  test('a code that is not ours', async () => {
    const attempt = await begin();
    expect(await land(attempt.browser, callbackWith(`code=abc_def&state=${attempt.state}`))).toBe(
      failed('exchange_failed'),
    );
    await expectNothingStored(attempt.userId, 'authorization.failed exchange_failed');
  });

  test("a code of another user's attempt is refused for its verifier", async () => {
    const [mine, theirs] = [await begin(), await begin()];
    const code = new URL(await consent(theirs)).searchParams.get('code') ?? '';
    const query = new URLSearchParams({ code, state: mine.state });
    expect(await land(mine.browser, callbackWith(String(query)))).toBe(failed('exchange_failed'));
    await expectNothingStored(mine.userId, 'authorization.failed exchange_failed');
  });

  test('a failed attempt leaves a former connection as it is', async () => {
    const { userId, browser } = await begin().then(async (attempt) => {
      expect(await land(attempt.browser, await consent(attempt))).toBe(CONNECTED);
      return attempt;
    });
    const before = await harness.database.models.grants.findOne({ userId }).lean();
    for (const reason of ['access_denied', 'exchange_failed'])
      await begin(browser, userId).then(async (attempt) => {
        const query = reason === 'access_denied' ? 'error=access_denied' : 'code=abc_def';
        expect(await land(browser, callbackWith(`${query}&state=${attempt.state}`))).toBe(failed(reason));
      });
    expect(await harness.database.models.grants.findOne({ userId }).lean()).toEqual(before);
  });
});

test('a user who unticks a needed scope is connected and told which is missing', async () => {
  const attempt = await begin();
  const callback = await consent(attempt, { untick: ['meeting:read:list_meetings'] });
  expect(await land(attempt.browser, callback)).toBe(failed('missing_scope'));
  const { data } = await harness.graphql(
    attempt.userId,
    '{ zoomConnection { status nextAction missingScopes grantedScopes } }',
  );
  expect(data.zoomConnection).toEqual({
    status: 'CONNECTED',
    nextAction: 'RECONNECT',
    missingScopes: ['meeting:read:list_meetings'],
    grantedScopes: expect.not.arrayContaining(['meeting:read:list_meetings']),
  });
  const { errors } = await harness.graphql(attempt.userId, '{ zoomMeetings { totalCount } }');
  expect(errors?.[0]?.extensions).toMatchObject({
    code: 'ZOOM_SCOPE_MISSING',
    missingScopes: ['meeting:read:list_meetings'],
  });
});

test('a user who unticks a scope that nothing needs is simply connected', async () => {
  const attempt = await begin();
  expect(await land(attempt.browser, await consent(attempt, { untick: ['meeting:write:meeting'] }))).toBe(
    CONNECTED,
  );
});

describe('what is kept', () => {
  test('the cookie cannot be read by scripts, goes along from Zoom and ends with the attempt', async () => {
    const response = await fetch(`${harness.url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${await harness.tokenFor(someUser())}`,
      },
      body: '{"query":"mutation { startZoomAuthorization { expiresAt } }"}',
    });
    expect(response.headers.getSetCookie()).toEqual([
      expect.stringMatching(/^zoom_auth_[\w-]{12}=[\w-]{43}; Max-Age=600; Path=\/; HttpOnly; SameSite=Lax$/),
    ]);
  });

  test('the answer of the callback is not cached and gives no referrer', async () => {
    const response = await fetch(callbackWith('code=abc_def&state=unknown'), { redirect: 'manual' });
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('referrer-policy')).toBe('no-referrer');
  });

  test('neither state, verifier nor browser binding is stored in the clear', async () => {
    const { state, browser, authorizationUrl } = await begin();
    const row = await harness.database.models.authorizationRequests
      .findOne({ _id: createHash('sha256').update(state).digest('base64url') })
      .lean();
    expect(row?.codeVerifier.split('.')).toHaveLength(5);
    const stored = JSON.stringify(row);
    expect(stored).not.toContain(state);
    for (const value of browser.cookieValues(harness.url)) expect(stored).not.toContain(value);
    const challenge = new URL(authorizationUrl).searchParams.get('code_challenge') ?? '';
    const storedTexts = Object.values(row ?? {}).filter((value) => typeof value === 'string');
    for (const text of storedTexts)
      expect(createHash('sha256').update(text).digest('base64url')).not.toBe(challenge);
  });

  test('neither code, state, cookie nor token is in the log or in the redirect, whatever the outcome', async () => {
    const attempts = [await begin(), await begin(), await begin(), await begin()] as const;
    const [good, declined, stolen, refused] = attempts;
    const cookies = attempts.flatMap(({ browser }) => browser.cookieValues(harness.url));
    const callbacks = {
      good: await consent(good),
      declined: await consent(declined, { decision: 'decline' }),
      stolen: await consent(stolen),
      refused: await consent(refused),
    };
    const locations = [
      await land(good.browser, callbacks.good),
      await land(good.browser, callbacks.good),
      await land(declined.browser, callbacks.declined),
      await land(new Browser(), callbacks.stolen),
    ];
    harness.sandbox.control.injectFault({
      target: 'exchange',
      kind: 'status',
      status: 400,
      body: { error: 'invalid_grant' },
    });
    locations.push(await land(refused.browser, callbacks.refused));
    await harness.graphql(good.userId, '{ zoomProfile { email } }');
    await harness.graphql(good.userId, 'mutation { refreshZoomToken { connection { zoomEmail } } }');

    const codes = Object.values(callbacks).map((url) => new URL(url).searchParams.get('code'));
    const row = await harness.database.models.grants.findOne({ userId: good.userId }).lean();
    const secrets = [
      ...attempts.map(({ state }) => state),
      ...codes.filter((code) => code !== null),
      ...cookies,
      ...[row?.zoomAccessToken, row?.zoomRefreshToken].filter((sealed) => sealed !== undefined),
    ];
    expect(secrets.length).toBeGreaterThanOrEqual(4 + 3 + 4 + 2);
    const log = harness.log.text();
    for (const secret of secrets) {
      expect(log).not.toContain(secret);
      expect(locations.join()).not.toContain(secret);
    }
    // Zoom's tokens are JWTs: none of any kind may show up.
    expect(log).not.toMatch(/eyJ[\w-]+\.[\w-]+/);
    expect(locations.join() + log).not.toContain(row?.zoomEmail);
  });
});

describe('too many callbacks that cannot succeed', () => {
  const flood = (count: number, query = '') =>
    Promise.all(Array.from({ length: count }, () => land(new Browser(), callbackWith(query))));

  test('100 of one address do not hinder one with a valid state and the right cookie', async () => {
    const attempt = await begin();
    const callback = await consent(attempt);
    const locations = await flood(100);
    expect(locations.filter((location) => location === failed('restart', `${FRONTEND}/`))).toHaveLength(60);
    expect(locations.filter((location) => location === failed('try_again', `${FRONTEND}/`))).toHaveLength(40);
    expect(await land(attempt.browser, callback)).toBe(CONNECTED);
    expect(await status(attempt.userId)).toBe('CONNECTED');
    const metrics = await (await fetch(`${harness.url}/metrics`)).text();
    expect(metrics).toContain('zoom_callback_outcomes_total{outcome="try_again"} 40');
  });

  test.each([
    ['an unknown state', 'code=abc_def&state=invented', 'state_unknown'],
    ['a malformed state', `code=abc_def&state=${'s'.repeat(5_000)}`, 'state_unknown'],
    ['a declined install', 'error=access_denied', 'access_denied'],
  ])('%s is counted', async (_what, query, reason) => {
    await flood(60);
    const location = await land(new Browser(), callbackWith(query));
    expect(location).toBe(failed('try_again', `${FRONTEND}/`));
    expect(location).not.toContain(reason);
  });

  test('a refused one spends nothing and keeps the address of its start', async () => {
    const attempt = await begin();
    const callback = await consent(attempt);
    await flood(60);
    // From another browser.
    expect(await land(new Browser(), callback)).toBe(failed('try_again'));
    expect(await trail(attempt.userId)).toEqual(['authorization.started']);
    expect(attempt.browser.cookies(harness.url)).toHaveLength(1);
    expect(await land(attempt.browser, callback)).toBe(CONNECTED);
  });

  test('an expired one that is refused keeps the address of its start too', async () => {
    const attempt = await begin();
    const callback = await consent(attempt);
    await flood(60);
    harness.clock.advance(10 * MINUTE);
    expect(await land(attempt.browser, callback)).toBe(failed('try_again'));
    expect(await trail(attempt.userId)).toEqual(['authorization.started']);
  });

  test('genuine callbacks use up nothing', async () => {
    const attempts = [await begin(), await begin(), await begin()];
    for (const attempt of attempts)
      expect(await land(attempt.browser, await consent(attempt))).toBe(CONNECTED);
    const locations = await flood(60);
    expect(new Set(locations)).toEqual(new Set([failed('restart', `${FRONTEND}/`)]));
  });
});

describe('a request that is no visit of a person', () => {
  test('HEAD redeems nothing (RFC 9110 §9.2.1)', async () => {
    const attempt = await begin();
    const callback = await consent(attempt);
    const answer = await attempt.browser.fetch(callback, { method: 'HEAD' });
    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toBe('GET');
    expect(exchanges()).toBe(0);
    expect(await land(attempt.browser, callback)).toBe(CONNECTED);
  });

  test.each([
    ['sec-purpose', 'prefetch'],
    ['sec-purpose', 'prefetch;prerender'],
    ['purpose', 'prefetch'],
    ['x-purpose', 'preview'],
    ['x-moz', 'prefetch'],
  ])('a fetch in advance redeems nothing: %s: %s', async (name, value) => {
    const attempt = await begin();
    const callback = await consent(attempt);
    const answer = await attempt.browser.fetch(callback, { headers: { [name]: value } });
    expect(answer.status).toBe(503);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(exchanges()).toBe(0);
    expect(await land(attempt.browser, callback)).toBe(CONNECTED);
  });
});

import { type Sandbox } from '../../src/dev/sandbox/sandbox.js';
import { type Harness, someUser, startHarness } from '../support/harness.js';

type Fault = Parameters<Sandbox['control']['injectFault']>[0];

let harness: Harness;
beforeAll(async () => {
  const timing = {
    tokenTimeoutMs: 3_000,
    apiTimeoutMs: 600,
    refreshLeaseTtlMs: 3_000,
    shutdownDelayMs: 0,
    shutdownTimeoutMs: 10_000,
  };
  harness = await startHarness({ config: { timing } });
});
afterAll(() => harness.close());
afterEach(() => {
  harness.sandbox.control.clearFaults();
});

const PROFILE = '{ zoomProfile { id } }';
const STATUS = '{ zoomConnection { status reason nextAction refreshErrorCount } }';
const UNTOUCHED = { status: 'CONNECTED', reason: null, nextAction: 'NONE', refreshErrorCount: 0 };
const HOUR = 3_600_000;

/** Connects a user, lets Zoom's API fail so often, and asks for the profile. Each user has an account of their own. */
async function askDuring(fault: Omit<Fault, 'target'>, times = 10) {
  const userId = someUser();
  const { zoomUserId } = await harness.connect(userId, {
    zoomUserId: harness.sandbox.control.addUser({ accountId: `account-of-${userId}` }).id,
  });
  harness.sandbox.control.injectFault({ target: 'api', times, ...fault });
  const answer = await harness.graphql(userId, PROFILE);
  harness.sandbox.control.clearFaults();
  return { ...answer, userId, zoomUserId };
}

test.each<[string, Omit<Fault, 'target'>]>([
  ['HTML from the edge', { kind: 'html' }],
  ['HTML with status 200', { kind: 'html', status: 200 }],
  ['a 500', { kind: 'status', status: 500 }],
  ['a 503', { kind: 'status', status: 503 }],
  ['a reset', { kind: 'reset' }],
])('%s that lasts is ZOOM_UNAVAILABLE; the connection is untouched', async (_what, fault) => {
  const { userId, errors } = await askDuring(fault);
  expect(errors?.[0]?.extensions.code).toBe('ZOOM_UNAVAILABLE');
  expect((await harness.graphql(userId, STATUS)).data.zoomConnection).toEqual(UNTOUCHED);
  expect((await harness.graphql(userId, PROFILE)).errors).toBeUndefined();
});

test.each<[string, Omit<Fault, 'target'>]>([
  ['HTML from the edge', { kind: 'html' }],
  ['a 503', { kind: 'status', status: 503 }],
  ['a reset', { kind: 'reset' }],
  ['a rate limit of a second', { kind: 'rate_limited', retryAfter: '1' }],
])('%s once is retried', async (_what, fault) => {
  const { errors, data, zoomUserId } = await askDuring(fault, 1);
  expect(errors).toBeUndefined();
  expect(data.zoomProfile.id).toBe(zoomUserId);
});

test('no answer is ZOOM_UNAVAILABLE before the timeout of the request', async () => {
  const began = performance.now();
  const { userId, errors } = await askDuring({ kind: 'hang' });
  expect(errors?.[0]?.extensions.code).toBe('ZOOM_UNAVAILABLE');
  expect(performance.now() - began).toBeLessThan(6_000);
  expect((await harness.graphql(userId, STATUS)).data.zoomConnection).toEqual(UNTOUCHED);
});

test.each<[string, () => string]>([
  ['seconds', () => '3600'],
  ['an ISO date-time', () => new Date(harness.clock().getTime() + HOUR).toISOString()],
  ['an HTTP date', () => new Date(harness.clock().getTime() + HOUR).toUTCString()],
])(
  'a rate limit with %s is ZOOM_RATE_LIMITED, and the client learns when it ends',
  async (_form, retryAfter) => {
    const { userId, errors } = await askDuring({ kind: 'rate_limited', retryAfter: retryAfter() });
    expect(errors?.[0]?.extensions.code).toBe('ZOOM_RATE_LIMITED');
    const wait = Date.parse(errors?.[0]?.extensions['retryAt'] as string) - harness.clock().getTime();
    expect(Math.abs(wait - HOUR)).toBeLessThan(10_000);
    expect((await harness.graphql(userId, STATUS)).data.zoomConnection).toEqual(UNTOUCHED);
  },
);

test('a refusal that nobody knows is ZOOM_REFUSED, with its code and without its words', async () => {
  const body = { code: 4_242, message: 'jane@example.com is in trouble' };
  const headers = { 'x-zm-trackingid': 'WEB_tracking' };
  const { errors } = await askDuring({ kind: 'status', status: 400, body, headers });
  expect(errors?.[0]?.extensions).toEqual({
    code: 'ZOOM_REFUSED',
    zoomCode: 4_242,
    zoomTrackingId: 'WEB_tracking',
  });
  expect(JSON.stringify(errors) + harness.log.text()).not.toContain('jane@example.com');
});

test('a token that Zoom refuses is refreshed once and the call repeated', async () => {
  const body = { code: 124, message: 'Invalid access token.' };
  harness.sandbox.control.resetCounters();
  const { errors } = await askDuring({ kind: 'status', status: 401, body }, 1);
  expect(errors).toBeUndefined();
  expect(harness.sandbox.control.counters().tokenRequests.refreshToken).toBe(1);
});

import { setTimeout as sleep } from 'node:timers/promises';
import { SYSTEM_INITIATOR } from '../../src/audit/audit-log.js';
import { Browser } from '../../src/dev/demo/browser.js';
import { consentAt } from '../support/consent.js';
import { FRONTEND, type Harness, someUser, startHarness } from '../support/harness.js';

let harness: Harness;
beforeEach(async () => {
  harness = await startHarness();
});
afterEach(() => harness.close());

const CONNECTION = '{ zoomConnection { status reason } }';
const PROFILE = '{ zoomProfile { id } }';
/** The answer to "whose token is this" travels slowly: meanwhile another authorization is redeemed and stored. */
const SLOW_PROFILE = {
  target: 'api',
  path: '/v2/users/me',
  kind: 'delay',
  ms: 700,
  hold: 'answer',
} as const;
const statusOf = async (userId: string) =>
  (await harness.graphql(userId, CONNECTION)).data.zoomConnection as { status: string; reason: string };

/** Consents up to Zoom's redirect and leaves the callback to the test. */
async function consented(userId: string, zoomUserId: string) {
  const browser = new Browser();
  const start = `mutation { startZoomAuthorization(input: { returnTo: "${FRONTEND}/" }) { authorizationUrl } }`;
  const { data } = await harness.graphql(userId, start, { browser });
  const callback = await consentAt(browser, data.startZoomAuthorization.authorizationUrl as string, {
    zoomUserId,
  });
  return async () => (await browser.fetch(callback)).headers.get('location');
}

test('a second user who connects the same Zoom user makes the first SUPERSEDED', async () => {
  const [first, second] = [someUser(), someUser()];
  const { zoomUserId } = await harness.connect(first);
  await harness.connect(second, { zoomUserId });
  expect(await statusOf(first)).toEqual({ status: 'REAUTHORIZATION_REQUIRED', reason: 'SUPERSEDED' });
  expect(await statusOf(second)).toMatchObject({ status: 'CONNECTED' });
  expect((await harness.graphql(second, PROFILE)).data.zoomProfile.id).toBe(zoomUserId);
});

test('the first user can take the Zoom user back', async () => {
  const [first, second] = [someUser(), someUser()];
  const { zoomUserId } = await harness.connect(first);
  await harness.connect(second, { zoomUserId });
  await harness.connect(first, { zoomUserId });
  expect(await statusOf(first)).toMatchObject({ status: 'CONNECTED' });
  expect(await statusOf(second)).toEqual({ status: 'REAUTHORIZATION_REQUIRED', reason: 'SUPERSEDED' });
});

test('users who connect one Zoom user at the same time: exactly one is CONNECTED, and that one works', async () => {
  for (let round = 0; round < 5; round++) {
    const users = Array.from({ length: 4 }, someUser);
    const zoomUserId = harness.sandbox.control.addUser().id;
    const callbacks = await Promise.all(users.map((userId) => consented(userId, zoomUserId)));
    await Promise.all(callbacks.map((callback) => callback()));
    const statuses = await Promise.all(users.map(statusOf));
    const winners = users.filter((_, index) => statuses[index]?.status === 'CONNECTED');
    expect(winners).toHaveLength(1);
    expect((await harness.graphql(winners[0], PROFILE)).data?.zoomProfile?.id).toBe(zoomUserId);
    for (const { status, reason } of statuses.filter((each) => each.status !== 'CONNECTED'))
      expect({ status, reason }).toEqual({ status: 'REAUTHORIZATION_REQUIRED', reason: 'SUPERSEDED' });
  }
});

test.each([
  ['the first to redeem stores last', 'exchange-first-stores-last'],
  ['the first to redeem stores first', 'exchange-first-stores-first'],
])('two users, one Zoom user: %s; the one whom Zoom knows is CONNECTED', async (_name, order) => {
  const [first, second] = [someUser(), someUser()];
  const zoomUserId = harness.sandbox.control.addUser().id;
  const [firstCallback, secondCallback] = [
    await consented(first, zoomUserId),
    await consented(second, zoomUserId),
  ];
  if (order === 'exchange-first-stores-last') harness.sandbox.control.injectFault(SLOW_PROFILE);
  const slow = firstCallback();
  await sleep(300);
  await secondCallback();
  await slow;
  expect(await statusOf(second)).toMatchObject({ status: 'CONNECTED' });
  expect((await harness.graphql(second, PROFILE)).data?.zoomProfile?.id).toBe(zoomUserId);
  expect(await statusOf(first)).toEqual({ status: 'REAUTHORIZATION_REQUIRED', reason: 'SUPERSEDED' });
});

test('one user in two tabs: the first to redeem stores last; the grant that Zoom kept stays', async () => {
  const userId = someUser();
  const zoomUserId = harness.sandbox.control.addUser().id;
  const [firstCallback, secondCallback] = [
    await consented(userId, zoomUserId),
    await consented(userId, zoomUserId),
  ];
  harness.sandbox.control.injectFault(SLOW_PROFILE);
  const slow = firstCallback();
  await sleep(300);
  await secondCallback();
  expect(await slow).toBe(`${FRONTEND}/?zoom=connected`);
  expect((await harness.graphql(userId, PROFILE)).errors).toBeUndefined();
  expect(harness.sandbox.control.counters().tokenRequests.refreshToken).toBe(0);
});

test('one user in two tabs at the same time is connected with the grant that Zoom kept', async () => {
  const userId = someUser();
  const zoomUserId = harness.sandbox.control.addUser().id;
  for (let round = 0; round < 5; round++) {
    const callbacks = [await consented(userId, zoomUserId), await consented(userId, zoomUserId)];
    const locations = await Promise.all(callbacks.map((callback) => callback()));
    expect(locations).toEqual(locations.map(() => `${FRONTEND}/?zoom=connected`));
    expect((await harness.graphql(userId, PROFILE)).data?.zoomProfile?.id).toBe(zoomUserId);
  }
});

describe('the answer to a reconnect’s code is lost', () => {
  async function reconnectWith(kind: 'drop_answer' | 'reset'): Promise<{ userId: string; location: string }> {
    const userId = someUser();
    const { zoomUserId } = await harness.connect(userId);
    harness.sandbox.control.injectFault({ target: 'exchange', kind });
    return { userId, location: (await harness.connect(userId, { zoomUserId })).location };
  }

  test('after Zoom killed the former tokens: ROTATION_LOST, not the user’s doing', async () => {
    const { userId, location } = await reconnectWith('drop_answer');
    expect(location).toContain('reason=zoom_unavailable');
    const { errors } = await harness.graphql(userId, PROFILE);
    expect(errors?.[0]?.extensions).toMatchObject({ reason: 'ROTATION_LOST' });
    expect(await statusOf(userId)).toEqual({ status: 'REAUTHORIZATION_REQUIRED', reason: 'ROTATION_LOST' });
  });

  test('before Zoom saw the code: the former connection goes on', async () => {
    const { userId } = await reconnectWith('reset');
    const rowAfterRefresh = async () => {
      await harness.server.services.tokens.refresh(userId, SYSTEM_INITIATOR);
      return harness.database.models.grants.findOne({ userId }).lean();
    };
    expect((await harness.graphql(userId, PROFILE)).errors).toBeUndefined();
    // For as long as Zoom would redeem the code, even a refresh that succeeds is no proof.
    expect(await rowAfterRefresh()).toHaveProperty('unsettledAuthorization');
    await harness.advance(6 * 60_000);
    expect(await rowAfterRefresh()).not.toHaveProperty('unsettledAuthorization');
  });

  test('a code that Zoom refuses leaves no doubt about the former connection', async () => {
    const userId = someUser();
    const { zoomUserId } = await harness.connect(userId);
    const body = { reason: 'Invalid authorization code', error: 'invalid_grant' };
    harness.sandbox.control.injectFault({ target: 'exchange', kind: 'status', status: 400, body });
    await harness.connect(userId, { zoomUserId });
    await harness.sandbox.control.uninstall(zoomUserId);
    const { errors } = await harness.graphql(userId, PROFILE);
    expect(errors?.[0]?.extensions).toMatchObject({ reason: 'REFRESH_TOKEN_REJECTED' });
  });
});

test('a refresh that a takeover overtakes at Zoom is refused, and told the reason once that is known', async () => {
  const [first, second] = [someUser(), someUser()];
  const { zoomUserId } = await harness.connect(first);
  const callback = await consented(second, zoomUserId);
  harness.sandbox.control.injectFault({ target: 'exchange', kind: 'delay', ms: 800, hold: 'answer' });
  const takeover = callback();
  await sleep(200);
  const refresh = harness.server.services.tokens.refresh(first, SYSTEM_INITIATOR);
  await expect(refresh).rejects.toMatchObject({ details: { reason: 'REFRESH_TOKEN_REJECTED' } });
  await takeover;
  expect(await statusOf(first)).toEqual({ status: 'REAUTHORIZATION_REQUIRED', reason: 'SUPERSEDED' });
  expect(await statusOf(second)).toMatchObject({ status: 'CONNECTED' });
});

test('an end that was told before a takeover began keeps its reason', async () => {
  const [first, second] = [someUser(), someUser()];
  const { zoomUserId } = await harness.connect(first);
  await harness.sandbox.control.uninstall(zoomUserId);
  await harness.graphql(first, PROFILE);
  await harness.advance(1_000);
  await harness.connect(second, { zoomUserId });
  expect(await statusOf(first)).toMatchObject({ reason: 'REFRESH_TOKEN_REJECTED' });
});

test('a refresh that a reconnect overtakes at Zoom waits for the reconnect’s tokens', async () => {
  const userId = someUser();
  const { zoomUserId } = await harness.connect(userId);
  const callback = await consented(userId, zoomUserId);
  harness.sandbox.control.injectFault({ target: 'exchange', kind: 'delay', ms: 800, hold: 'answer' });
  const reconnect = callback();
  await sleep(200);
  const refresh = harness.server.services.tokens.refresh(userId, SYSTEM_INITIATOR);
  const isLive = refresh.then(({ value }) => harness.sandbox.control.isAccessTokenLive(value.reveal()));
  await expect(isLive).resolves.toBe(true);
  expect(await reconnect).toBe(`${FRONTEND}/?zoom=connected`);
  expect(await statusOf(userId)).toEqual({ status: 'CONNECTED', reason: null });
});

test('a refresh begun before a reconnect never overwrites it', async () => {
  const userId = someUser();
  const { zoomUserId } = await harness.connect(userId);
  harness.sandbox.control.injectFault({ target: 'refresh', kind: 'delay', ms: 600, hold: 'answer' });
  const refresh = harness.server.services.tokens.refresh(userId, SYSTEM_INITIATOR);
  await sleep(100);
  await harness.connect(userId, { zoomUserId });
  await refresh;
  expect((await harness.graphql(userId, PROFILE)).data?.zoomProfile?.id).toBe(zoomUserId);
  expect(harness.sandbox.control.grants().filter(({ alive }) => alive)).toHaveLength(1);
  expect(await statusOf(userId)).toMatchObject({ status: 'CONNECTED' });
});

import { jest } from '@jest/globals';
import mongoose from 'mongoose';
import { TokenCipher } from '../../src/grants/token-cipher.js';
import { type Harness, someUser, startHarness } from '../support/harness.js';

let harness: Harness;
/** What was asked of the collection of grants since the last {@link counted}, in the driver's words. */
let operations: { method: string; filter: unknown }[] = [];
const opened = jest.spyOn(TokenCipher.prototype, 'open');

beforeAll(async () => {
  harness = await startHarness();
  mongoose.set('debug', (collection: string, method: string, filter: unknown) => {
    if (collection === 'useroauthtokens') operations.push({ method, filter });
  });
});
afterAll(async () => {
  mongoose.set('debug', false);
  opened.mockRestore();
  await harness.close();
});

const isRead = ({ method }: { method: string }) =>
  /^(find|findOne|aggregate|countDocuments|distinct)$/.test(method);

/** Runs a request and counts what it costs. */
async function counted(userId: string, query: string, role?: string) {
  operations = [];
  opened.mockClear();
  const answer = await harness.graphql(userId, query, role === undefined ? {} : { role });
  return { ...answer, reads: operations.filter(isRead), decryptions: opened.mock.calls.length };
}

/** A request about several users, one alias each. */
const aboutEach = (userIds: string[], field: (userId: string) => string) =>
  `{ ${userIds.map((userId, index) => `u${index}: ${field(userId)}`).join(' ')} }`;
const connectionOf = (userId: string) =>
  `zoomConnection(onBehalfOf: "${userId}") { userId status zoomUserId }`;
const profileOf = (userId: string) => `zoomProfile(onBehalfOf: "${userId}") { id }`;

async function connectedUsers(count: number) {
  const users: { userId: string; zoomUserId: string }[] = [];
  for (let index = 0; index < count; index++) {
    const userId = someUser();
    users.push({ userId, zoomUserId: (await harness.connect(userId)).zoomUserId });
  }
  return users;
}

test('any number of aliases about one user costs one read and one decryption', async () => {
  const userId = someUser();
  const { zoomUserId } = await harness.connect(userId);
  const { data, errors, reads, decryptions } = await counted(
    userId,
    `{ a: zoomConnection { status } b: zoomConnection { zoomUserId } p: zoomProfile { id } q: zoomProfile { displayName }
       m: zoomMeetings { totalCount } n: zoomMeetings(type: LIVE) { totalCount } }`,
  );
  expect(errors).toBeUndefined();
  expect(data.p.id).toBe(zoomUserId);
  expect(reads).toMatchObject([{ method: 'find', filter: { userId: { $in: [userId] } } }]);
  expect(decryptions).toBe(1);
});

test('a status alone costs one read, no decryption and no call to Zoom', async () => {
  const [user] = await connectedUsers(1);
  harness.sandbox.control.resetCounters();
  const { reads, decryptions } = await counted(user?.userId ?? '', '{ zoomConnection { status } }');
  expect(reads).toHaveLength(1);
  expect(decryptions).toBe(0);
  expect(harness.sandbox.control.requests()).toEqual([]);
});

test('connections of many users cost one read, and each gets their own', async () => {
  const users = await connectedUsers(5);
  const strangers = [someUser(), someUser()];
  const userIds = [...users.map(({ userId }) => userId).toReversed(), ...strangers];
  const { data, errors, reads } = await counted('backend', aboutEach(userIds, connectionOf), 'service');
  expect(errors).toBeUndefined();
  expect(reads).toMatchObject([{ method: 'find', filter: { userId: { $in: userIds } } }]);
  expect(Object.values(data)).toEqual([
    ...users.toReversed().map(({ userId, zoomUserId }) => ({ userId, status: 'CONNECTED', zoomUserId })),
    ...strangers.map((userId) => ({ userId, status: 'NOT_CONNECTED', zoomUserId: null })),
  ]);
});

test('access tokens of many users cost one read and a decryption each', async () => {
  const users = await connectedUsers(3);
  const userIds = users.map(({ userId }) => userId);
  const { data, reads, decryptions } = await counted(
    'backend',
    aboutEach([...userIds, ...userIds], profileOf),
    'service',
  );
  expect(Object.values(data)).toEqual([...users, ...users].map(({ zoomUserId }) => ({ id: zoomUserId })));
  expect(reads).toHaveLength(1);
  expect(decryptions).toBe(3);
});

test('a user without a connection fails alone', async () => {
  const [user] = await connectedUsers(1);
  const userIds = [someUser(), user?.userId ?? ''];
  const query = `query { ${userIds.map((userId, index) => `u${index}: zoomConnection(onBehalfOf: "${userId}") { status }`).join(' ')} }`;
  const { data } = await counted('backend', query, 'service');
  expect(data).toEqual({ u0: { status: 'NOT_CONNECTED' }, u1: { status: 'CONNECTED' } });
  const { errors } = await counted('backend', aboutEach(userIds, profileOf), 'service');
  expect(errors).toMatchObject([{ path: ['u0'], extensions: { code: 'ZOOM_NOT_CONNECTED' } }]);
});

test('the next request reads again', async () => {
  const [user] = await connectedUsers(1);
  for (let request = 0; request < 2; request++)
    expect((await counted(user?.userId ?? '', '{ zoomConnection { status } }')).reads).toHaveLength(1);
});

test('a mutation shows the connection as it has left it, to the fields after it too', async () => {
  const [user] = await connectedUsers(1);
  const { data } = await counted(
    user?.userId ?? '',
    `mutation {
      first: refreshZoomToken { connection { status lastRefreshAttempt } }
      second: revokeZoom { connection { status } }
      third: revokeZoom { revokedAtZoom connection { status reason } }
    }`,
  );
  expect(data).toEqual({
    first: { connection: { status: 'CONNECTED', lastRefreshAttempt: expect.any(String) } },
    second: { connection: { status: 'REVOKED' } },
    third: { revokedAtZoom: 'NOT_NEEDED', connection: { status: 'REVOKED', reason: 'REVOKED_BY_USER' } },
  });
});

test('calls at once note the use of a grant once, again a minute later, and at once for a new grant', async () => {
  const userId = someUser();
  const notesOfACrowd = async () => {
    operations = [];
    await Promise.all(Array.from({ length: 20 }, () => harness.graphql(userId, '{ zoomProfile { id } }')));
    const isNote = ({ method, filter }: (typeof operations)[number]) =>
      method === 'updateOne' && JSON.stringify(filter).includes('lastUsedAt');
    return operations.filter(isNote).length;
  };
  await harness.connect(userId);
  expect([await notesOfACrowd(), await notesOfACrowd()]).toEqual([1, 0]);
  await harness.advance(61_000);
  expect(await notesOfACrowd()).toBe(1);
  await harness.connect(userId);
  const reconnected = harness.clock().getTime();
  expect(await notesOfACrowd()).toBe(1);
  const { data } = await harness.graphql(userId, '{ zoomConnection { lastUsedAt } }');
  expect(Date.parse(data.zoomConnection.lastUsedAt as string)).toBeGreaterThanOrEqual(reconnected);
});

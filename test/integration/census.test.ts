import { takeCensus } from '../../src/grants/store/census.js';
import { CENSUS_EVERY_MS, SharedCensus } from '../../src/models/shared-census.js';
import { type Database, openDatabase } from '../../src/models/database.js';
import { type TestDatabase, testDatabase } from '../support/database.js';
import { at, NOW } from '../support/grant-fixture.js';

const SECOND = 1_000;
const DAY = 86_400_000;

let home: TestDatabase;
let database: Database;
beforeEach(async () => {
  home = testDatabase();
  database = await openDatabase(home.uri);
});
afterEach(async () => {
  await database.close();
  await home.drop();
});

const sealedWith = (kid: string) =>
  `${Buffer.from(JSON.stringify({ alg: 'dir', enc: 'A256GCM', kid })).toString('base64url')}....`;

let rows = 0;
const row = (changes: object = {}) => ({
  userId: `user-${++rows}`,
  isActive: true,
  isRevoked: false,
  grantedScopes: [],
  authorizedAt: at(-DAY),
  since: at(-DAY),
  refreshTokenIssuedAt: at(-DAY),
  zoomRefreshToken: sealedWith('k1'),
  refreshErrorCount: 0,
  tokenVersion: 1,
  refreshAttempt: 1,
  grantGeneration: 1,
  ...changes,
});
const store = (...changes: object[]) => database.models.grants.collection.insertMany(changes.map(row));
/** The figures by `figure label`. */
const figures = async () =>
  Object.fromEntries(
    (await takeCensus(database.models, NOW)).map(({ figure, label, value }) => [
      `${figure} ${label}`.trim(),
      value,
    ]),
  );

test('an empty database is counted too: every figure of a closed set is 0', async () => {
  const counted = await figures();
  expect(Object.keys(counted)).toHaveLength(18);
  expect(Object.values(counted).every((value) => value === 0)).toBe(true);
});

test('grants are counted by their stored status', async () => {
  const ended = { isActive: false };
  await store({}, {}, {}, ended, ended, { isActive: false, isRevoked: true });
  expect(await figures()).toMatchObject({
    'grants CONNECTED': 3,
    'grants REAUTHORIZATION_REQUIRED': 2,
    'grants REVOKED': 1,
  });
});

test('refresh tokens are counted by the days that are left, each group with those before it', async () => {
  const left = (days: number) => ({ refreshTokenIssuedAt: at(-(90 - days) * DAY) });
  await store(left(-1), left(6), left(7), left(13), left(29), left(59), left(89));
  await store({ ...left(3), isActive: false });
  expect(await figures()).toMatchObject({
    'refresh_tokens 7': 2,
    'refresh_tokens 14': 4,
    'refresh_tokens 30': 5,
    'refresh_tokens 60': 6,
    'refresh_tokens 90': 7,
  });
});

test('the backlog holds idle grants, without those that Zoom refuses to refresh', async () => {
  const idle = { refreshTokenIssuedAt: at(-77 * DAY) };
  const refusal = (days: number) => ({
    refreshRefusal: { cause: 'REFRESH_REFUSED', since: at(-days * DAY), latest: NOW, needsSupport: false },
  });
  await store(idle, idle, { ...idle, ...refusal(2) }, refusal(0.5), { ...refusal(3), isActive: false });
  expect(await figures()).toMatchObject({ keep_alive_backlog: 2, refused_grants: 1 });
});

test('each queue has its depth and the wait of its oldest entry', async () => {
  const { pendingRevocations, connectionEvents } = database.models;
  const revocation = (seconds: number) => ({
    _id: `revocation-${seconds}`,
    userId: 'somebody',
    attempts: 3,
    dueAt: at(600 * SECOND),
    requestedAt: at(-seconds * SECOND),
  });
  await pendingRevocations.collection.insertMany([revocation(50), revocation(900)] as never);
  await connectionEvents.collection.insertMany([
    // Put off for 5, 10 and 20 seconds, so it was due for the first time 30 seconds ago.
    { _id: 'retried', attempts: 3, sequence: 0, dueAt: at(5 * SECOND) },
    { _id: 'overdue', attempts: 0, sequence: 0, dueAt: at(-20 * SECOND) },
    { _id: 'delivered', attempts: 1, sequence: 4 },
  ] as never);
  await store(
    { outboxSince: at(-40 * SECOND) },
    { outboxSince: at(-3 * SECOND) },
    { contest: { upTo: 1, settleAt: at(-70 * SECOND) } },
    { contest: { upTo: 1, settleAt: at(70 * SECOND) } },
  );
  expect(await figures()).toMatchObject({
    'queue_entries revocations': 2,
    'queue_oldest_seconds revocations': 900,
    'queue_entries connection_events': 2,
    'queue_oldest_seconds connection_events': 30,
    'queue_entries audit_outbox': 2,
    'queue_oldest_seconds audit_outbox': 40,
    'queue_entries contests': 2,
    'queue_oldest_seconds contests': 70,
  });
});

test('what is due later has not waited', async () => {
  await store({ contest: { upTo: 1, settleAt: at(70 * SECOND) } });
  expect(await figures()).toMatchObject({ 'queue_entries contests': 1, 'queue_oldest_seconds contests': 0 });
});

test('sealed values are counted by key id, each once, and values that are not sealed as none', async () => {
  await store({}, {}, { zoomRefreshToken: sealedWith('k2') }, { zoomRefreshToken: 'plain' });
  const counted = await figures();
  expect(counted).toMatchObject({ 'sealed_values k1': 2, 'sealed_values k2': 1, 'sealed_values none': 1 });
});

test('the tokens that were refreshed the longest ago are in the sample, and key ids are bounded', async () => {
  const fresh = Array.from({ length: 600 }, (_, index) => ({ refreshTokenIssuedAt: at(-index * SECOND) }));
  const old = Array.from({ length: 30 }, (_, index) => ({
    refreshTokenIssuedAt: at(-60 * DAY),
    zoomRefreshToken: sealedWith(`old-${index}`),
  }));
  await store(...fresh, ...old);
  const counted = Object.entries(await figures()).filter(([name]) => name.startsWith('sealed_values'));
  expect(counted).toHaveLength(21);
  expect(Object.fromEntries(counted)['sealed_values old-0']).toBe(1);
  expect(counted.reduce((sum, [, value]) => sum + value, 0)).toBe(630);
});

describe('the shared census', () => {
  let taken: string[];
  beforeEach(() => {
    taken = [];
  });
  const shared = () => new SharedCensus(database.connection);
  const take = (name: string) => () => {
    taken.push(name);
    return Promise.resolve([name]);
  };

  test('is taken by one of the instances that ask at the same time, once in five minutes', async () => {
    const names = Array.from({ length: 8 }, (_, index) => `instance ${index}`);
    await Promise.all(names.map((name) => shared().refresh(NOW, take(name))));
    expect(taken).toHaveLength(1);
    const later = await shared().refresh(at(CENSUS_EVERY_MS - 1), take('too early'));
    expect(later).toEqual({ takenAt: NOW, samples: taken });
    await Promise.all(names.map((name) => shared().refresh(at(CENSUS_EVERY_MS), take(name))));
    expect(taken).toHaveLength(2);
  });

  test('that fails keeps the last figures, and another instance takes the next one', async () => {
    await shared().refresh(NOW, take('first'));
    const failing = shared().refresh(at(CENSUS_EVERY_MS), () => Promise.reject(new Error('too slow')));
    await expect(failing).rejects.toThrow('too slow');
    const next = at(CENSUS_EVERY_MS + 1);
    expect(await shared().refresh(next, take('nobody'))).toEqual({ takenAt: NOW, samples: ['first'] });
    const afterwards = at(2 * CENSUS_EVERY_MS);
    expect(await shared().refresh(afterwards, take('second'))).toMatchObject({ samples: ['second'] });
  });

  test('is not held up by an instance whose clock was ahead', async () => {
    await shared().refresh(at(DAY), take('from tomorrow'));
    expect(await shared().refresh(NOW, take('of today'))).toEqual({ takenAt: NOW, samples: ['of today'] });
  });

  test('does not exist before the first one has been taken', async () => {
    const failing = shared().refresh(NOW, () => Promise.reject(new Error('away')));
    await expect(failing).rejects.toThrow('away');
    expect(await shared().refresh(at(SECOND), take('nobody'))).toBeUndefined();
  });
});

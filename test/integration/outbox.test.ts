import { EventStore } from '../../src/events/event-store.js';
import { type Database, openDatabase } from '../../src/models/database.js';
import { type TestDatabase, testDatabase } from '../support/database.js';
import { someUser } from '../support/harness.js';

const VISIBILITY_TIMEOUT_MS = 30_000;

let home: TestDatabase;
let database: Database;
let events: EventStore;
let now: number;
const clock = () => new Date(now);
beforeEach(async () => {
  home = testDatabase();
  database = await openDatabase(home.uri);
  events = new EventStore(database.models);
  now = Date.parse('2026-01-15T12:00:00Z');
});
afterEach(async () => {
  await database.close();
  await home.drop();
});

const rowOf = (userId: string) => database.models.connectionEvents.findById(userId).lean();

async function enqueued(count: number): Promise<string[]> {
  const users = Array.from({ length: count }, someUser);
  for (const userId of users) {
    await events.enqueue(userId, 'changed', clock());
    now += 1;
  }
  return users;
}

/** Claims the entry that is due. */
async function claimed() {
  const entry = await events.claim(clock());
  if (!entry) throw new Error('nothing is due');
  return entry;
}

test('many workers at once claim each entry once', async () => {
  const users = await enqueued(10);
  const claims = await Promise.all(Array.from({ length: 25 }, () => events.claim(clock())));
  expect(claims.flatMap((entry) => entry?._id ?? []).sort()).toEqual(users.sort());
});

test('the entry that has been due for the longest time is claimed first', async () => {
  const [first, second] = await enqueued(2);
  expect((await claimed())._id).toBe(first);
  expect((await claimed())._id).toBe(second);
});

test('a claim by id takes that entry, although another has been due for longer', async () => {
  const [, second] = await enqueued(2);
  expect((await events.claim(clock(), second))?._id).toBe(second);
  expect(await events.claim(clock(), second)).toBeUndefined();
});

test('a claim hides its entry until the visibility timeout', async () => {
  const [userId] = await enqueued(1);
  expect(await claimed()).toMatchObject({ _id: userId, attempts: 1 });
  now += VISIBILITY_TIMEOUT_MS - 1;
  expect(await events.claim(clock())).toBeUndefined();
  now += 1;
  expect(await claimed()).toMatchObject({ _id: userId, attempts: 2 });
});

test('a worker that has lost its claim neither postpones nor settles the entry', async () => {
  const [userId = ''] = await enqueued(1);
  const late = await claimed();
  now += VISIBILITY_TIMEOUT_MS;
  await claimed();
  const held = await rowOf(userId);
  await events.postpone(late, clock());
  await events.settle(late);
  expect(await rowOf(userId)).toEqual(held);
});

test('a change takes the claim away and starts the backoff again', async () => {
  const [userId = ''] = await enqueued(1);
  const before = await claimed();
  await events.enqueue(userId, 'changed', clock());
  await events.settle(before);
  expect(await claimed()).toMatchObject({ _id: userId, attempts: 1 });
});

test('a postponed entry is due after the backoff', async () => {
  await enqueued(1);
  await events.postpone(await claimed(), clock());
  now += 4_999;
  expect(await events.claim(clock())).toBeUndefined();
  now += 1;
  await events.postpone(await claimed(), clock());
  now += 9_999;
  expect(await events.claim(clock())).toBeUndefined();
  now += 1;
  expect(await claimed()).toMatchObject({ attempts: 3 });
});

/** Collects what a round reports of entries whose handling threw. */
function round(signal: AbortSignal) {
  const failed: string[] = [];
  const onFailure = (_error: unknown, entry: { _id: string }) => failed.push(entry._id);
  return { failed, options: { clock, signal, onFailure } };
}

test('a round handles all that is due, and nothing after its signal is aborted', async () => {
  await enqueued(120);
  const stop = new AbortController();
  let handled = 0;
  const handle = () => {
    if (++handled === 100) stop.abort();
    return Promise.resolve(true);
  };
  await events.workDue(handle, round(stop.signal).options);
  expect(handled).toBe(100);
  await events.workDue(handle, round(new AbortController().signal).options);
  expect(handled).toBe(120);
});

test('an entry whose handling throws is reported and put off, and the others are handled', async () => {
  const userIds = await enqueued(3);
  const { failed, options } = round(new AbortController().signal);
  const handled: string[] = [];
  const handle = ({ _id }: { _id: string }) => {
    if (_id === userIds[0]) return Promise.reject(new Error('its key is missing'));
    handled.push(_id);
    return Promise.resolve(true);
  };
  await events.workDue(handle, options);
  expect(failed).toEqual([userIds[0]]);
  expect(handled.toSorted()).toEqual(userIds.slice(1).toSorted());
  expect((await rowOf(userIds[0] ?? ''))?.dueAt).toEqual(new Date(now + 5_000));
});

import { setTimeout as sleep } from 'node:timers/promises';
import { Cluster } from '../support/cluster.js';
import { type GraphQLAnswer, someUser } from '../support/harness.js';
import { mortalDatabase } from '../support/mortal-database.js';
import { until } from '../support/waiting.js';

const FULL = process.env['FAULTS'] === 'full';
const DATABASE_DOWN_MS = FULL ? 30_000 : 3_000;
const LOST = { code: 'ZOOM_REAUTHORIZATION_REQUIRED', reason: 'ROTATION_LOST' };

let cluster: Cluster | undefined;
afterEach(() => cluster?.close());

/** Fresh users whose access tokens have expired. */
async function expiredUsers(of: Cluster, count: number): Promise<string[]> {
  const users = Array.from({ length: count }, someUser);
  for (const userId of users) await of.expiredUser(userId);
  return users;
}

const extensionsOf = ({ errors }: GraphQLAnswer) => errors?.[0]?.extensions;

test('the database server is killed in the middle of refreshes and starts again: nothing hangs, nothing is lost', async () => {
  const home = await mortalDatabase();
  const here = (cluster = await Cluster.start(2, { home }));
  const users = await expiredUsers(here, 20);
  const { control } = here.sandbox;
  const callAll = (process: number) => users.map((userId) => here.profile(process, userId));
  const held = { target: 'refresh', kind: 'delay', ms: 60_000, times: 5 } as const;
  control.injectFault({ ...held, hold: 'answer' });
  control.injectFault({ ...held, hold: 'work' });
  const calls = callAll(0);
  await until(() => control.counters().tokenRequests.refreshToken === users.length);
  await home.kill();
  // The answers of ten refreshes come while there is no database.
  control.clearFaults();
  calls.push(...callAll(0), ...callAll(1));
  await sleep(DATABASE_DOWN_MS);
  expect(control.counters().refreshes).toEqual({ granted: users.length, rejected: 0 });
  await home.start();
  const codes = (await Promise.all(calls)).map((answer) => extensionsOf(answer)?.code);
  // Whoever the dead database kept waiting was told to come back, and nobody anything else.
  for (const code of codes) expect([undefined, 'INTERNAL_SERVER_ERROR', 'ZOOM_UNAVAILABLE']).toContain(code);
  for (const userId of users)
    for (const process of [0, 1])
      await until(async () => (await here.profile(process, userId)).errors === undefined, 20_000);
  for (const userId of users)
    expect(await here.booksOf(userId)).toMatchObject({ refreshTokenLive: true, accessTokenLive: true });
  expect(control.counters()).toMatchObject({
    refreshes: { granted: users.length },
    maxRedemptionsOfOneRefreshToken: 1,
  });
  expect(await here.contradictions({ acknowledgementsLost: true })).toEqual([]);
}, 180_000);

test('all processes are killed at once and start again: what Zoom had rotated unanswered is ROTATION_LOST, the rest is served', async () => {
  const here = (cluster = await Cluster.start(2));
  const users = await expiredUsers(here, 15);
  const { control } = here.sandbox;
  const held = { target: 'refresh', kind: 'delay', ms: 120_000, times: 5 } as const;
  control.injectFault({ ...held, hold: 'answer' });
  control.injectFault({ ...held, hold: 'work' });
  let answered = 0;
  const calls = users.map((userId, index) =>
    here.profile(index % 2, userId).then(
      () => answered++,
      () => undefined,
    ),
  );
  await until(() => answered === 5 && control.counters().tokenRequests.refreshToken === users.length);
  expect(control.counters().refreshes).toEqual({ granted: 10, rejected: 0 });
  await Promise.all(here.processes.map((process) => process.kill()));
  await Promise.all(calls);
  await Promise.all([here.restart(0), here.restart(1)]);
  const told = await Promise.all(users.map((userId, index) => here.profile(index % 2, userId)));
  const lost = users.filter((_, index) => extensionsOf(told[index]!) !== undefined);
  expect(told.map(extensionsOf).filter(Boolean)).toEqual(Array(5).fill(LOST));
  for (const userId of users)
    expect(await here.booksOf(userId)).toMatchObject(
      lost.includes(userId)
        ? { isActive: false, reason: 'ROTATION_LOST', refreshTokenLive: undefined }
        : { isActive: true, refreshTokenLive: true, accessTokenLive: true },
    );
  expect(control.counters().maxRedemptionsOfOneRefreshToken).toBe(1);
  expect(await here.contradictions()).toEqual([]);
}, 120_000);

test('SIGTERM of one of three processes under load behind the balancer: no caller fails, every token is stored', async () => {
  const here = (cluster = await Cluster.start(3));
  const users = await expiredUsers(here, 42);
  const { control } = here.sandbox;
  const callAll = () => users.map((userId) => here.profile(undefined, userId));
  const errors = (answers: GraphQLAnswer[]) => answers.map(extensionsOf).filter(Boolean);
  control.injectFault({ target: 'refresh', kind: 'delay', ms: 60_000, hold: 'answer', times: users.length });
  const calls = callAll();
  await until(() => control.counters().refreshes.granted === users.length);
  const ended = here.terminate(0);
  await until(() => here.processes[0]?.log().includes('"shutting down"') === true);
  calls.push(...callAll(), ...callAll());
  await sleep(500);
  expect(here.processes[0]?.alive()).toBe(true);
  control.clearFaults();
  expect(errors(await Promise.all(calls))).toEqual([]);
  expect(await ended).toBe(0);
  expect(errors(await Promise.all(callAll()))).toEqual([]);
  expect(control.counters()).toMatchObject({
    refreshes: { granted: users.length, rejected: 0 },
    maxPresentationsOfOneRefreshToken: 1,
  });
  for (const userId of users)
    expect(await here.booksOf(userId)).toMatchObject({ refreshTokenLive: true, accessTokenLive: true });
  expect(await here.contradictions()).toEqual([]);
}, 120_000);

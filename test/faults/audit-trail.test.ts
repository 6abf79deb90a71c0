import { Cluster } from '../support/cluster.js';
import { isAuditEvent } from '../support/database-proxy.js';
import { someUser } from '../support/harness.js';
import { freshCluster } from '../support/shared-cluster.js';
import { until } from '../support/waiting.js';

let cluster: Cluster;
freshCluster(async () => (cluster = await Cluster.start(2)));

const REFRESH = 'mutation { refreshZoomToken { connection { status } } }';
const REVOKE = 'mutation { revokeZoom { connection { status } } }';
const TRAIL = '{ zoomAuditEvents { edges { node { type } } } }';
const outboxOf = async (userId: string) =>
  ((await cluster.database.models.grants.findOne({ userId }).lean())?.outbox ?? []).map(({ type }) => type);
/** The trail takes no event about a refresh from this process. What comes after such an event has to wait for it. */
const refuseTrail = (process: number) =>
  cluster.proxies[process]?.interfere((command) =>
    isAuditEvent(command) && JSON.stringify(command).includes('access_token.refreshed')
      ? 'refuse'
      : undefined,
  );

test('changes while the trail refuses inserts: each event waits in the row, and all are in the trail afterwards, in their order', async () => {
  const userId = someUser();
  await cluster.connect(userId);
  refuseTrail(0);
  for (const operation of [REFRESH, REFRESH, REVOKE])
    expect((await cluster.ask(0, userId, operation)).errors).toBeUndefined();
  expect(await outboxOf(userId)).toEqual([
    'access_token.refreshed',
    'access_token.refreshed',
    'grant.revoked',
  ]);
  expect((await cluster.booksOf(userId)).events).not.toContain('grant.revoked REVOKED_BY_USER');
  cluster.proxies[0]?.interfere(undefined);
  await cluster.ask(0, userId, TRAIL);
  await until(async () => (await outboxOf(userId)).length === 0);
  const { events } = await cluster.booksOf(userId);
  expect(events.filter((event) => !event.startsWith('revocation'))).toEqual([
    'authorization.started',
    'grant.authorized',
    'access_token.refreshed USER_REQUEST',
    'access_token.refreshed USER_REQUEST',
    'grant.revoked REVOKED_BY_USER',
  ]);
}, 60_000);

test('a process that dies with events in the row: the next change, by another process, brings them into the trail first', async () => {
  const userId = someUser();
  await cluster.connect(userId);
  refuseTrail(0);
  await cluster.ask(0, userId, REFRESH);
  await cluster.ask(0, userId, REFRESH);
  await cluster.processes[0]?.kill();
  await cluster.ask(1, userId, REVOKE);
  await until(async () => (await outboxOf(userId)).length === 0);
  expect((await cluster.booksOf(userId)).events.slice(2, 5)).toEqual([
    'access_token.refreshed USER_REQUEST',
    'access_token.refreshed USER_REQUEST',
    'grant.revoked REVOKED_BY_USER',
  ]);
}, 60_000);

test('a change while another process moves an earlier event: its own event stays in the row until it is in the trail', async () => {
  const userId = someUser();
  await cluster.connect(userId);
  cluster.proxies[0]?.interfere((command) => (isAuditEvent(command) ? 'hold' : undefined));
  refuseTrail(1);
  await cluster.ask(0, userId, REFRESH);
  await cluster.ask(1, userId, REFRESH);
  expect(await outboxOf(userId)).toHaveLength(2);
  // The first process moves the one event that it knows of.
  cluster.proxies[0]?.interfere(undefined);
  cluster.proxies[0]?.release();
  await until(async () => (await outboxOf(userId)).length < 2);
  expect(await outboxOf(userId)).toHaveLength(1);
  cluster.proxies[1]?.interfere(undefined);
  await cluster.ask(1, userId, TRAIL);
  await until(async () => (await outboxOf(userId)).length === 0);
}, 60_000);

test('two processes that drain one row at once: each event is in the trail once, and is counted once', async () => {
  const userId = someUser();
  await cluster.connect(userId);
  refuseTrail(0);
  refuseTrail(1);
  for (const process of [0, 1, 0, 1]) await cluster.ask(process, userId, REFRESH);
  expect(await outboxOf(userId)).toHaveLength(4);
  for (const proxy of cluster.proxies) proxy.interfere(undefined);
  await Promise.all([0, 1, 0, 1].map((process) => cluster.ask(process, userId, TRAIL)));
  await until(async () => (await outboxOf(userId)).length === 0);
  // That metrics and trail agree is compared after each test.
  expect((await cluster.booksOf(userId)).events).toEqual([
    'authorization.started',
    'grant.authorized',
    ...Array<string>(4).fill('access_token.refreshed USER_REQUEST'),
  ]);
}, 60_000);

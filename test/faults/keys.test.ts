import { randomBytes } from 'node:crypto';
import { Cluster } from '../support/cluster.js';
import { someUser } from '../support/harness.js';
import { shareCluster } from '../support/shared-cluster.js';

/** The key ring of the second process; empty: the one of the first. */
let ring: Record<string, string> = {};
let cluster: Cluster;
shareCluster(
  async () => (cluster = await Cluster.start(2, { env: (process) => (process === 1 ? ring : {}) })),
);

const codeAt = async (process: number, userId: string) =>
  (await cluster.profile(process, userId)).errors?.[0]?.extensions.code;

test('tokens swapped between users are refused everywhere, sent nowhere, and work again in their places', async () => {
  const [alice, bob] = [someUser(), someUser()];
  await cluster.connect(alice);
  await cluster.connect(bob);
  const { grants } = cluster.database.models;
  const swap = async () => {
    const [a, b] = [
      await grants.findOne({ userId: alice }).lean(),
      await grants.findOne({ userId: bob }).lean(),
    ];
    await grants.updateOne({ userId: alice }, { $set: { zoomAccessToken: b?.zoomAccessToken } });
    await grants.updateOne({ userId: bob }, { $set: { zoomAccessToken: a?.zoomAccessToken } });
  };
  await swap();
  cluster.sandbox.control.resetCounters();
  for (const userId of [alice, bob])
    for (const process of [0, 1]) expect(await codeAt(process, userId)).toBe('INTERNAL_SERVER_ERROR');
  expect(cluster.sandbox.control.requests()).toEqual([]);
  await swap();
  for (const userId of [alice, bob])
    for (const process of [0, 1]) expect(await codeAt(process, userId)).toBeUndefined();
});

test('a key removed from the ring of one process: it sends nothing, the others serve, and it serves with the key back', async () => {
  const userId = someUser();
  await cluster.connect(userId);
  await cluster.processes[1]?.terminate();
  ring = { TOKEN_ENCRYPTION_KEYS: `another:${randomBytes(32).toString('base64')}` };
  await cluster.restart(1);
  await cluster.expire(userId);
  cluster.sandbox.control.resetCounters();
  expect(await codeAt(1, userId)).toBe('INTERNAL_SERVER_ERROR');
  expect(cluster.sandbox.control.requests()).toEqual([]);
  expect(await codeAt(0, userId)).toBeUndefined();
  expect(cluster.sandbox.control.counters().refreshes).toEqual({ granted: 1, rejected: 0 });
  expect(await codeAt(1, userId)).toBe('INTERNAL_SERVER_ERROR');
  await cluster.processes[1]?.terminate();
  ring = {};
  await cluster.restart(1);
  expect(await codeAt(1, userId)).toBeUndefined();
  expect(cluster.sandbox.control.counters().refreshes).toEqual({ granted: 1, rejected: 0 });
});

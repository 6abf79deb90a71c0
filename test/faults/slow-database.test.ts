import { setTimeout as sleep } from 'node:timers/promises';
import { Cluster } from '../support/cluster.js';
import { someUser } from '../support/harness.js';
import { freshCluster } from '../support/shared-cluster.js';
import { until } from '../support/waiting.js';

let cluster: Cluster;
freshCluster(async () => (cluster = await Cluster.start(1)));

/** The longest that the waits on the database may hold a caller: a read is repeated once. */
const PATIENCE_MS = 32_000;

test('a database that takes 200 ms for each command: a caller with an expired token is served after one refresh', async () => {
  const userId = await cluster.expiredUser(someUser());
  const [proxy] = cluster.proxies;
  proxy?.interfere(() => {
    void sleep(200).then(() => {
      proxy.release();
    });
    return 'hold';
  });
  const answers = await Promise.all(Array.from({ length: 10 }, () => cluster.profile(0, userId)));
  expect(answers.map(({ errors }) => errors)).toEqual(Array(10).fill(undefined));
  expect(cluster.sandbox.control.counters().tokenRequests.refreshToken).toBe(1);
}, 60_000);

test('a database that swallows every command: each caller is answered within half a minute, and all are served afterwards', async () => {
  const userId = await cluster.expiredUser(someUser());
  cluster.proxies[0]?.interfere(() => 'swallow');
  const began = performance.now();
  const answers = await Promise.all(Array.from({ length: 10 }, () => cluster.profile(0, userId)));
  expect(performance.now() - began).toBeLessThan(PATIENCE_MS);
  for (const { errors } of answers) expect(errors?.[0]?.extensions.code).toBe('INTERNAL_SERVER_ERROR');
  cluster.proxies[0]?.interfere(undefined);
  await until(async () => (await cluster.profile(0, userId)).errors === undefined, 30_000);
  expect(await cluster.booksOf(userId)).toMatchObject({ refreshTokenLive: true, accessTokenLive: true });
}, 120_000);

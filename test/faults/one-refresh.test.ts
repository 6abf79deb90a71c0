import { type Cluster, startCluster } from '../support/cluster';
import { isLease } from '../support/database-proxy';
import { someUser } from '../support/harness';

/** `FAULTS=full` asks for the large numbers. */
const FULL = process.env['FAULTS'] === 'full';
const ROWS = FULL
  ? [
      [1, 1_000],
      [2, 4_000],
      [4, 10_000],
    ]
  : [
      [1, 100],
      [2, 200],
      [4, 400],
    ];

describe.each(['strict', 'grace'] as const)('with %s rotation', (rotation) => {
  test.each(ROWS as [number, number][])(
    'over %i processes, %i callers on one expired token: one token request, no failed caller',
    async (size, callers) => {
      const cluster = await startCluster(size, { sandbox: { rotation, tokenLatencyMs: 100 } });
      try {
        await expectOneRefresh(cluster, callers);
      } finally {
        await cluster.close();
      }
    },
    180_000,
  );
});

test('the callers of one process take the lease once', async () => {
  const cluster = await startCluster(1, { sandbox: { tokenLatencyMs: 100 } });
  try {
    const userId = someUser();
    await cluster.connect(userId);
    await cluster.expire(userId);
    let leases = 0;
    cluster.proxies[0]?.interfere((command) => {
      if (isLease(command)) leases++;
      return undefined;
    });
    const answers = await Promise.all(Array.from({ length: 50 }, () => cluster.profile(0, userId)));
    expect(answers.flatMap(({ errors = [] }) => errors)).toEqual([]);
    expect(leases).toBe(1);
  } finally {
    await cluster.close();
  }
}, 60_000);

async function expectOneRefresh(cluster: Cluster, callers: number): Promise<void> {
  const userId = someUser();
  await cluster.connect(userId);
  await cluster.expire(userId);
  cluster.sandbox.control.resetCounters();
  const began = performance.now();
  const waits: number[] = [];
  const answers = await Promise.all(
    Array.from({ length: callers }, async (_, index) => {
      const answer = await cluster.profile(index % cluster.processes.length, userId);
      waits.push(performance.now() - began);
      return answer;
    }),
  );
  expect(answers.flatMap(({ errors = [] }) => errors)).toEqual([]);
  expect(cluster.sandbox.control.counters().tokenRequests.refreshToken).toBe(1);
  const books = await cluster.audit(userId);
  expect(books).toMatchObject({ isActive: true, refreshTokenLive: true, accessTokenLive: true });
  expect(books.events.filter((event) => event === 'access_token.refreshed EXPIRY')).toHaveLength(1);
  const p99 = waits.toSorted((a, b) => a - b)[Math.floor(callers * 0.99) - 1] ?? 0;
  process.stdout.write(
    `  ${cluster.processes.length} processes, ${callers} callers: 1 token request, 0 failed; p99 ${p99.toFixed(0)} ms (sandbox latency 100 ms)\n`,
  );
}

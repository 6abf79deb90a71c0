import { Cluster } from '../support/cluster.js';
import { sendCrowd } from '../support/crowd.js';
import { isLease } from '../support/database-proxy.js';
import { someUser, tokenFor } from '../support/harness.js';

interface Row {
  size: number;
  callers: number;
  latencyMs: number;
}

/**
 * `FAULTS=full` asks for the large numbers, which need 12,000 open files and a `net.core.somaxconn` of 2,500. In its
 * last row Zoom is so slow that nearly all callers wait for the refresh, and go on to Zoom's API at one moment.
 */
const ROWS: Row[] =
  process.env['FAULTS'] === 'full'
    ? [
        { size: 1, callers: 1_000, latencyMs: 100 },
        { size: 2, callers: 4_000, latencyMs: 100 },
        { size: 4, callers: 10_000, latencyMs: 100 },
        { size: 4, callers: 10_000, latencyMs: 8_000 },
      ]
    : [
        { size: 1, callers: 100, latencyMs: 100 },
        { size: 2, callers: 200, latencyMs: 100 },
        { size: 4, callers: 400, latencyMs: 100 },
      ];

describe.each(['strict', 'grace'] as const)('with %s rotation', (rotation) => {
  test.each(ROWS)(
    'over $size processes, $callers callers on one expired token, answered in $latencyMs ms: one token request, no failed caller',
    async ({ size, callers, latencyMs }) => {
      const cluster = await Cluster.start(size, { sandbox: { rotation, tokenLatencyMs: latencyMs } });
      try {
        const waits = await expectOneRefresh(cluster, callers);
        expect(await cluster.contradictions()).toEqual([]);
        const percentile = (share: number) => waits[Math.ceil(callers * share) - 1];
        process.stdout.write(
          `  ${rotation}, ${size} processes, ${callers} callers, all sent before Zoom was asked: 1 token request, ` +
            `0 failed; waited p50 ${percentile(0.5)} ms, p99 ${percentile(0.99)} ms (token endpoint ${latencyMs} ms)\n`,
        );
      } finally {
        await cluster.close();
      }
    },
    240_000,
  );
});

test('the callers of one process take the lease once', async () => {
  const cluster = await Cluster.start(1, { sandbox: { tokenLatencyMs: 100 } });
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

/** How long each caller has waited, ms, the shortest first. */
async function expectOneRefresh(cluster: Cluster, callers: number): Promise<number[]> {
  const { processes, sandbox } = cluster;
  const userId = someUser();
  const zoomUserId = await cluster.connect(userId);
  await cluster.expire(userId);
  sandbox.control.resetCounters();
  // Held still until every call is on its way: so none of them comes to a token that another has refreshed.
  for (const server of processes) server.pause();
  const { report } = await sendCrowd({
    urls: processes.map(({ url }) => url),
    callers,
    authorization: `Bearer ${await tokenFor(() => new Date(), userId)}`,
    query: '{ zoomProfile { id } }',
    expected: JSON.stringify({ data: { zoomProfile: { id: zoomUserId } } }),
  });
  expect(sandbox.control.requests()).toEqual([]);
  const began = Date.now();
  for (const server of processes) server.resume();
  const { answeredAt, failures } = await report;
  expect(failures).toEqual({});
  expect(answeredAt).toHaveLength(callers);
  expect(sandbox.control.counters().tokenRequests.refreshToken).toBe(1);
  const books = await cluster.booksOf(userId);
  expect(books).toMatchObject({ isActive: true, refreshTokenLive: true, accessTokenLive: true });
  expect(books.events.filter((event) => event === 'access_token.refreshed EXPIRY')).toHaveLength(1);
  return answeredAt.map((at) => at - began).sort((a, b) => a - b);
}

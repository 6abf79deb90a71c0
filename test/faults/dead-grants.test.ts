import { SANDBOX_CLIENT_SECRET } from '../../src/dev/sandbox/sandbox.js';
import { Cluster } from '../support/cluster.js';
import { someUser } from '../support/harness.js';
import { until } from '../support/waiting.js';
import { shareCluster } from '../support/shared-cluster.js';

const CALLERS = 50;
const REVOKE = 'mutation { revokeZoom { revokedAtZoom } }';

let cluster: Cluster;
afterEach(() => {
  cluster.sandbox.control.updateApp({ clientSecret: SANDBOX_CLIENT_SECRET });
});
shareCluster(async () => (cluster = await Cluster.start(2)));

/** How often something has happened, by the metrics of all processes. */
async function counted(type: string, cause: string): Promise<number> {
  const texts = await Promise.all(
    cluster.processes.map(async ({ url }) => (await fetch(`${url}/metrics`)).text()),
  );
  const sample = new RegExp(`^zoom_grant_events_total\\{type="${type}",cause="${cause}"\\} (\\d+)$`, 'm');
  return texts.reduce((sum, text) => sum + Number(sample.exec(text)?.[1] ?? 0), 0);
}

/** The levels of the log lines about failed refreshes of a cause. */
const levelsOf = (cause: string) =>
  cluster.processes
    .flatMap((process) => process.log().split('\n'))
    .filter((line) => line.includes('"refresh failed"') && line.includes(`"cause":"${cause}"`))
    .map((line) => (JSON.parse(line) as { level: string }).level);

/** The ways in which a connection ends. Each leaves the user with whatever the next caller finds out. */
const ENDS: [string, (userId: string, zoomUserId: string) => Promise<unknown>, object][] = [
  [
    'REFRESH_TOKEN_REJECTED',
    async (userId, zoomUserId) => {
      await cluster.sandbox.control.uninstall(zoomUserId);
      await cluster.profile(0, userId);
    },
    { code: 'ZOOM_REAUTHORIZATION_REQUIRED', reason: 'REFRESH_TOKEN_REJECTED' },
  ],
  [
    'ROTATION_LOST',
    async (userId) => {
      await cluster.expire(userId);
      cluster.sandbox.control.injectFault({ target: 'refresh', kind: 'drop_answer' });
      await cluster.profile(0, userId);
    },
    { code: 'ZOOM_REAUTHORIZATION_REQUIRED', reason: 'ROTATION_LOST' },
  ],
  [
    'SUPERSEDED',
    (_userId, zoomUserId) => cluster.connect(someUser(), zoomUserId),
    { code: 'ZOOM_REAUTHORIZATION_REQUIRED', reason: 'SUPERSEDED' },
  ],
  [
    'REVOKED_BY_USER',
    (userId) => cluster.ask(0, userId, REVOKE),
    { code: 'ZOOM_NOT_CONNECTED', reason: 'REVOKED_BY_USER' },
  ],
];

test.each(ENDS)(
  '%s: however many callers come, none of them costs Zoom a request, and all get the same error',
  async (_reason, end, told) => {
    const userId = someUser();
    await end(userId, await cluster.connect(userId));
    await until(async () => (await cluster.connection(1, userId)).status !== 'CONNECTED');
    cluster.sandbox.control.resetCounters();
    const answers = await cluster.crowd(CALLERS, userId);
    expect(answers.map(({ errors }) => errors?.map(({ extensions }) => extensions))).toEqual(
      Array(CALLERS).fill([told]),
    );
    expect(cluster.sandbox.control.requests()).toEqual([]);
  },
);

describe('a client secret that Zoom refuses', () => {
  test('disconnects nobody, is told apart from a refused token, and heals by itself without a token spent', async () => {
    const users = await Promise.all(Array.from({ length: 5 }, () => cluster.expiredUser(someUser())));
    const rejectedBefore = await counted('grant.ended', 'REFRESH_TOKEN_REJECTED');
    cluster.sandbox.control.resetCounters();
    cluster.sandbox.control.updateApp({ clientSecret: 'not the secret that the server was given' });
    for (const userId of users)
      for (const { errors } of await cluster.crowd(4, userId))
        expect(errors?.[0]?.extensions).toMatchObject({ code: 'ZOOM_APP_MISCONFIGURED' });
    for (const userId of users)
      for (const process of [0, 1])
        expect(await cluster.connection(process, userId)).toEqual({
          status: 'CONNECTED',
          reason: null,
          nextAction: 'CONTACT_SUPPORT',
        });
    expect(await counted('refresh.failed', 'ZOOM_APP_MISCONFIGURED')).toBeGreaterThanOrEqual(users.length);
    expect(await counted('grant.ended', 'REFRESH_TOKEN_REJECTED')).toBe(rejectedBefore);
    await until(() => levelsOf('ZOOM_APP_MISCONFIGURED').length >= users.length);
    expect(new Set(levelsOf('ZOOM_APP_MISCONFIGURED'))).toEqual(new Set(['fatal']));
    expect(cluster.sandbox.control.counters().refreshes).toEqual({ granted: 0, rejected: 0 });
    cluster.sandbox.control.updateApp({ clientSecret: SANDBOX_CLIENT_SECRET });
    for (const userId of users)
      await until(async () => (await cluster.profile(1, userId)).errors === undefined, 30_000);
    expect(cluster.sandbox.control.counters()).toMatchObject({
      refreshes: { granted: users.length, rejected: 0 },
      maxPresentationsOfOneRefreshToken: 1,
    });
    for (const userId of users) expect((await cluster.profile(0, userId)).errors).toBeUndefined();
  });

  test('a refused token is a warning, and tells whose it was', async () => {
    const userId = someUser();
    await cluster.sandbox.control.uninstall(await cluster.connect(userId));
    const before = await counted('grant.ended', 'REFRESH_TOKEN_REJECTED');
    await cluster.profile(0, userId);
    await until(async () => (await counted('grant.ended', 'REFRESH_TOKEN_REJECTED')) === before + 1);
    await until(() => levelsOf('REFRESH_TOKEN_REJECTED').length > 0);
    expect(new Set(levelsOf('REFRESH_TOKEN_REJECTED'))).toEqual(new Set(['warn']));
  });
});

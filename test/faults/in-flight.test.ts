import { Cluster } from '../support/cluster.js';
import { type GraphQLAnswer, someUser } from '../support/harness.js';
import { until } from '../support/waiting.js';
import { shareCluster } from '../support/shared-cluster.js';

const CALLERS = 60;
const REFRESH = 'mutation { refreshZoomToken { connection { status } } }';
const HELD = { kind: 'delay', ms: 60_000 } as const;

let cluster: Cluster;
shareCluster(async () => (cluster = await Cluster.start(2)));

/** A connected user with a token that has most of its hour left. */
async function connectedUser(): Promise<string> {
  const userId = someUser();
  await cluster.connect(userId);
  cluster.sandbox.control.resetCounters();
  return userId;
}

/** How many API calls Zoom has answered with a status. */
const answered = (status: number) =>
  cluster.sandbox.control.requests().filter((call) => call.path === '/v2/users/me' && call.status === status)
    .length;
const tokenRequests = () => cluster.sandbox.control.counters().tokenRequests.refreshToken;
const errorsOf = (answers: GraphQLAnswer[]) => answers.flatMap(({ errors = [] }) => errors);

test('a call that meets 401/124 while a newer token is stored is repeated with that one, without a refresh', async () => {
  const userId = await connectedUser();
  const { control } = cluster.sandbox;
  control.injectFault({ target: 'api', ...HELD });
  const call = cluster.profile(0, userId);
  await until(() => control.counters().apiRequests === 1);
  expect((await cluster.ask(1, userId, REFRESH)).errors).toBeUndefined();
  control.clearFaults();
  expect(errorsOf([await call])).toEqual([]);
  expect(control.requests().map(({ path, status }) => [path, status])).toEqual([
    ['/v2/users/me', 401],
    ['/oauth/token', 200],
    ['/v2/users/me', 200],
  ]);
});

test.each([
  ['strict', CALLERS],
  ['grace', 0],
] as const)(
  '60 calls in flight over both processes during a rotation all succeed, %s: %i of them meet a 401',
  async (rotation, refused) => {
    const userId = await connectedUser();
    const { control } = cluster.sandbox;
    control.setRotation(rotation);
    control.injectFault({ target: 'api', ...HELD, times: CALLERS });
    const calls = cluster.crowd(CALLERS, userId);
    await until(() => control.counters().apiRequests === CALLERS);
    expect((await cluster.ask(1, userId, REFRESH)).errors).toBeUndefined();
    control.clearFaults();
    expect(errorsOf(await calls)).toEqual([]);
    expect([answered(401), answered(200)]).toEqual([refused, CALLERS]);
    expect(tokenRequests()).toBe(1);
  },
);

test('calls that meet 401/124 before the new token is stored wait for it at every process, without a refresh', async () => {
  const userId = await connectedUser();
  const { control } = cluster.sandbox;
  control.injectFault({ target: 'refresh', ...HELD, hold: 'answer' });
  const refresh = cluster.ask(1, userId, REFRESH);
  await until(() => control.counters().refreshes.granted === 1);
  const calls = cluster.crowd(CALLERS, userId);
  await until(() => answered(401) === CALLERS);
  control.clearFaults();
  expect(errorsOf([await refresh, ...(await calls)])).toEqual([]);
  expect(answered(200)).toBe(CALLERS);
  expect(tokenRequests()).toBe(1);
});

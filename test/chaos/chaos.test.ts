import { Cluster } from '../support/cluster';
import { isHolderWrite, isLease } from '../support/database-proxy';
import { someUser } from '../support/harness';
import { seededRandom, type SeededRandom } from '../support/seeded-random';

/** Set by `npm run chaos`; in the plain suite a short run. */
const KILLS = Number(process.env['CHAOS_KILLS'] ?? 6);
const SEED = Number(process.env['CHAOS_SEED'] ?? 1);
const ROTATIONS = (process.env['CHAOS_ROTATION']?.split(',') ?? ['strict', 'grace']) as (
  'strict' | 'grace'
)[];

const PROCESSES = 4;
const USERS = 24;
const USERS_PER_ROUND = 8;
const CALLS_PER_USER = 3;
const KILLS_PER_ROUND = 2;

/** The three books of a run. */
interface Tally {
  rounds: number;
  kills: number;
  calls: number;
  callsServed: number;
  /** Calls whose own process died, or that were told to come back. */
  callsCutOff: number;
  lostAndLabelled: number;
  lostSilently: string[];
}

test.each(ROTATIONS)(
  '%s rotation: whatever is killed and whenever, no connection is lost silently',
  async (rotation) => {
    const random = seededRandom(SEED);
    const cluster = await Cluster.start(PROCESSES, {
      sandbox: { rotation },
      env: { REFRESH_LEASE_TTL_MS: '1000', LOG_LEVEL: 'fatal' },
    });
    try {
      const tally = await run(cluster, random);
      const { granted, rejected } = cluster.sandbox.control.counters().refreshes;
      report(rotation, tally, { granted, rejected });
      expect(tally.lostSilently).toEqual([]);
      if (rotation === 'strict')
        expect(cluster.sandbox.control.counters().maxRedemptionsOfOneRefreshToken).toBe(1);
    } finally {
      await cluster.close();
    }
  },
  60_000 + KILLS * 10_000,
);

async function run(cluster: Cluster, random: SeededRandom): Promise<Tally> {
  const tally: Tally = {
    rounds: 0,
    kills: 0,
    calls: 0,
    callsServed: 0,
    callsCutOff: 0,
    lostAndLabelled: 0,
    lostSilently: [],
  };
  const users = Array.from({ length: USERS }, someUser);
  for (const userId of users) await cluster.connect(userId);
  while (tally.kills < KILLS) {
    tally.rounds++;
    const active = random.sample(users, USERS_PER_ROUND);
    await Promise.all(active.map((userId) => cluster.expire(userId)));
    disturb(cluster, random);
    const calls = active.flatMap((userId) =>
      Array.from({ length: CALLS_PER_USER }, () => call(cluster, random.below(PROCESSES), userId, tally)),
    );
    await sleep(random.below(400));
    const victims = random.sample(
      [...cluster.processes.keys()],
      Math.min(KILLS_PER_ROUND, KILLS - tally.kills),
    );
    await Promise.all(victims.map((victim) => cluster.processes[victim]?.kill()));
    tally.kills += victims.length;
    await Promise.all(calls);
    calm(cluster);
    await Promise.all(victims.map((victim) => cluster.restart(victim)));
    await Promise.all(active.map((userId) => inspect(cluster, random, userId, tally)));
  }
  return tally;
}

/** Weather for one round: refreshes of uneven length, now and then an outage of Zoom or of one process's database. */
function disturb({ sandbox, proxies }: Cluster, random: SeededRandom): void {
  for (let refresh = 0; refresh < USERS_PER_ROUND; refresh++)
    sandbox.control.injectFault({
      target: 'refresh',
      kind: 'delay',
      ms: random.below(300),
      hold: random.chance(0.5) ? 'answer' : 'work',
    });
  if (random.chance(0.2))
    sandbox.control.injectFault({ target: 'refresh', kind: 'status', status: 503, times: 2 });
  if (random.chance(0.2))
    sandbox.control.injectFault({ target: 'refresh', kind: 'rate_limited', retryAfter: '1' });
  const proxy = proxies[random.below(proxies.length)];
  if (random.chance(0.2)) proxy?.interfere((command) => (isHolderWrite(command) ? 'refuse' : undefined));
  else if (random.chance(0.1)) proxy?.interfere((command) => (isLease(command) ? 'cut' : undefined));
}

function calm({ sandbox, proxies }: Cluster): void {
  sandbox.control.clearFaults();
  for (const proxy of proxies) proxy.interfere(undefined);
}

async function call(cluster: Cluster, process: number, userId: string, tally: Tally): Promise<void> {
  tally.calls++;
  const answer = await cluster.profile(process, userId).catch(() => undefined);
  if (answer && !answer.errors) tally.callsServed++;
  else tally.callsCutOff++;
}

/** Compares what a user is told with what the database and the sandbox hold; connects those again who were told so. */
async function inspect(cluster: Cluster, random: SeededRandom, userId: string, tally: Tally): Promise<void> {
  const answer = await patiently(() => cluster.profile(random.below(PROCESSES), userId));
  const code = answer.errors?.[0]?.extensions.code;
  const books = await cluster.booksOf(userId);
  if (code === undefined) {
    if (!books.isActive || !books.refreshTokenLive)
      tally.lostSilently.push(`${userId}: served, but ${JSON.stringify(books)}`);
  } else if (code === 'ZOOM_REAUTHORIZATION_REQUIRED' && books.reason === 'ROTATION_LOST') {
    const status = await cluster.connection(0, userId);
    if (status.reason !== 'ROTATION_LOST' || !books.events.includes('grant.ended ROTATION_LOST'))
      tally.lostSilently.push(`${userId}: lost, but ${JSON.stringify({ status, books })}`);
    tally.lostAndLabelled++;
    await cluster.connect(userId);
  } else tally.lostSilently.push(`${userId}: ${code}, ${JSON.stringify(books)}`);
}

/** Repeats a call that was told to wait. */
async function patiently(ask: () => ReturnType<Cluster['profile']>) {
  for (let tries = 0; ; tries++) {
    const answer = await ask();
    const code = answer.errors?.[0]?.extensions.code ?? '';
    if (!['ZOOM_UNAVAILABLE', 'ZOOM_RATE_LIMITED', 'INTERNAL_SERVER_ERROR'].includes(code) || tries >= 20)
      return answer;
    await sleep(500);
  }
}

function report(rotation: string, tally: Tally, refreshes: { granted: number; rejected: number }): void {
  const { lostSilently, ...numbers } = tally;
  const rows = {
    ...{ rotation, seed: SEED, ...numbers },
    ...{
      refreshesGranted: refreshes.granted,
      refreshesRejected: refreshes.rejected,
      lostSilently: lostSilently.length,
    },
  };
  const table = Object.entries(rows).map(([name, value]) => `  ${name.padEnd(18)} ${String(value)}`);
  process.stdout.write(`\n${table.join('\n')}\n`);
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

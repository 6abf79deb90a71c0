import { Maintenance, type MaintenanceDependencies } from '../../../src/app/maintenance.js';
import { BackgroundTasks } from '../../../src/lib/background-tasks.js';
import { NOW, someGrant } from '../../support/grant-fixture.js';
import { recordingLogger } from '../../support/recording-logger.js';

const log = recordingLogger();
/** The jobs that ran, in the order in which they began. */
let began: string[];
/** The reports of the maintenance. */
let runs: string[];
let failedItems: string[];
beforeEach(() => {
  began = [];
  runs = [];
  failedItems = [];
  log.lines.length = 0;
});

const job =
  (name: string, work: () => Promise<void> = () => Promise.resolve()) =>
  () => {
    began.push(name);
    return work();
  };

const nothing = () => Promise.resolve([]);
const unexpected = () => Promise.reject(new Error('nothing is due'));

function maintenanceWith(changes: Partial<MaintenanceDependencies>): Maintenance {
  return new Maintenance({
    outbox: { drainLeftovers: job('audit') },
    revocations: { workDue: job('revocations') },
    grants: { findIdle: nothing, findContested: nothing, findRefusalsToRetry: nothing },
    tokens: { refresh: unexpected, settleContest: unexpected },
    events: { workDue: job('events'), stop: () => undefined },
    takeCensus: () => Promise.resolve(),
    onRun: (job, outcome) => {
      runs.push(`${job} ${outcome}`);
    },
    onItemFailure: (job) => {
      failedItems.push(job);
    },
    clock: () => NOW,
    logger: log.logger,
    tasks: new BackgroundTasks(() => undefined),
    ...changes,
  });
}

/** A promise, and the function that resolves it. */
function held() {
  let release!: () => void;
  const promise = new Promise<void>((resolve) => {
    release = resolve;
  });
  return { promise, release };
}

const failed = () => Promise.reject(new Error('the database is away'));

test('a job that fails is logged, and the others run', async () => {
  await maintenanceWith({
    outbox: { drainLeftovers: job('audit', failed) },
    revocations: { workDue: job('revocations', failed) },
    grants: { findIdle: failed, findContested: failed, findRefusalsToRetry: failed },
  }).round();
  expect(began).toEqual(['audit', 'revocations', 'events']);
  expect(log.lines.map(({ msg, job }) => [msg, job])).toEqual([
    ['maintenance job failed', 'move_audit_events'],
    ['maintenance job failed', 'revoke_grants'],
    ['maintenance job failed', 'settle_contests'],
    ['maintenance job failed', 'keep_grants_alive'],
    ['maintenance job failed', 'retry_refusals'],
  ]);
});

test('each run of a job is reported, and so is each item that failed', async () => {
  const found = () => Promise.resolve([someGrant(), someGrant({ userId: 'user-2' })]);
  const maintenance = maintenanceWith({
    revocations: { workDue: (_signal, onItemFailure) => Promise.resolve(onItemFailure?.()) },
    grants: { findIdle: found, findContested: found, findRefusalsToRetry: failed },
    tokens: { refresh: failed, settleContest: failed },
  });
  await maintenance.round();
  expect(maintenance.jobs).toHaveLength(7);
  expect(runs.toSorted()).toEqual(
    maintenance.jobs.map((name) => `${name} ${name === 'retry_refusals' ? 'failed' : 'done'}`).toSorted(),
  );
  expect(failedItems.toSorted()).toEqual([
    ...Array<string>(2).fill('keep_grants_alive'),
    'revoke_grants',
    ...Array<string>(2).fill('settle_contests'),
  ]);
});

test('a job that is still running is skipped by the next round, and the others run', async () => {
  const { promise, release } = held();
  const maintenance = maintenanceWith({
    events: { workDue: job('events', () => promise), stop: () => undefined },
  });
  const first = maintenance.round();
  await new Promise(setImmediate);
  const second = maintenance.round();
  expect(began).toEqual(['audit', 'revocations', 'events', 'audit', 'revocations']);
  release();
  await Promise.all([first, second]);
  await maintenance.round();
  expect(began.filter((name) => name === 'events')).toHaveLength(2);
});

test.each([
  ['idle grant is kept alive', 'findIdle'],
  ['contest is settled', 'findContested'],
  ['refused refresh is retried', 'findRefusalsToRetry'],
])('a stop waits for the item under way, and no further %s', async (_what, find) => {
  const { promise, release } = held();
  const refreshed: string[] = [];
  const refresh = async (userId: string) => {
    refreshed.push(userId);
    await promise;
    throw new Error('Zoom is away');
  };
  const found = () => Promise.resolve([someGrant(), someGrant({ userId: 'user-2' })]);
  const maintenance = maintenanceWith({
    grants: { findIdle: nothing, findContested: nothing, findRefusalsToRetry: nothing, [find]: found },
    tokens: { refresh, settleContest: refresh },
  });
  const round = maintenance.round();
  await new Promise(setImmediate);
  let hasStopped = false;
  const stopped = maintenance.stop(0).then(() => {
    hasStopped = true;
  });
  await new Promise(setImmediate);
  expect(hasStopped).toBe(false);
  release();
  await Promise.all([stopped, round]);
  expect(refreshed).toEqual(['user-1']);
});

test('after a stop there are no rounds', async () => {
  const maintenance = maintenanceWith({});
  await maintenance.stop(0);
  await maintenance.round();
  expect(began).toEqual([]);
});

test('a stop aborts the signal of the jobs and limits the deliveries', async () => {
  const { promise, release } = held();
  const signals: AbortSignal[] = [];
  const limits: number[] = [];
  const maintenance = maintenanceWith({
    revocations: {
      workDue: (signal) => {
        signals.push(signal);
        return promise;
      },
    },
    events: { workDue: () => Promise.resolve(), stop: (ms) => limits.push(ms) },
  });
  const round = maintenance.round();
  expect(signals[0]?.aborted).toBe(false);
  const stopped = maintenance.stop(700);
  expect(signals[0]?.aborted).toBe(true);
  expect(limits).toEqual([700]);
  release();
  await Promise.all([stopped, round]);
});

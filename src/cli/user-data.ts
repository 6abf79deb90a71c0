import { parseArgs } from 'node:util';
import { compose } from '../app/compose.js';
import { UserData, type UserDataCounts } from '../app/user-data/user-data.js';
import { completeConfig, type CompleteConfig, ConfigError, loadConfig } from '../config/config.js';
import { Metrics } from '../http/metrics.js';
import { RateLimits } from '../http/rate-limits.js';
import { BackgroundTasks } from '../lib/background-tasks.js';
import { systemClock } from '../lib/clock.js';
import { createLogger } from '../lib/logger.js';
import { type Database, openDatabase } from '../models/database.js';

const USAGE = `Usage: node dist/cli/user-data.js export --user ID
       node dist/cli/user-data.js erase --user ID [--confirm]

  export  prints what is stored about the user, as JSON without secrets
  erase   ends the user's connection, also at Zoom, and then deletes everything that is stored about the user;
          without --confirm it only says what it would delete
`;
/** A disconnect waits five seconds for Zoom; the rest is for the writes after it. */
const DRAIN_MS = 30_000;

interface Order {
  command: 'export' | 'erase';
  userId: string;
  confirmed: boolean;
}

/** Exit code 0 only if everything was done that was asked for. */
async function main(): Promise<void> {
  const order = parseOrder(process.argv.slice(2));
  if (!order) {
    process.stderr.write(USAGE);
    process.exitCode = 1;
    return;
  }
  const { config, close } = await configuration();
  const database = await openDatabase(config.mongodbUri.reveal());
  try {
    process.exitCode = await run(order, config, database);
  } finally {
    await database.close();
    await close();
  }
}

function parseOrder(argv: string[]): Order | undefined {
  try {
    const { positionals, values } = parseArgs({
      args: argv,
      options: { user: { type: 'string' }, confirm: { type: 'boolean', default: false } },
      allowPositionals: true,
    });
    const [command, ...more] = positionals;
    if ((command !== 'export' && command !== 'erase') || more.length > 0 || !values.user) return undefined;
    return { command, userId: values.user, confirmed: values.confirm };
  } catch {
    return undefined;
  }
}

async function configuration(): Promise<{ config: CompleteConfig; close: () => Promise<void> }> {
  const config = loadConfig();
  const complete = completeConfig(config);
  if (complete) return { config: complete, close: () => Promise.resolve() };
  const { startStandIns } = await import('../dev/stand-ins.js');
  return startStandIns(config);
}

async function run(
  { command, userId, confirmed }: Order,
  config: CompleteConfig,
  database: Database,
): Promise<number> {
  const userData = new UserData(database);
  if (command === 'export') {
    print(JSON.stringify(await userData.export(userId), undefined, 2));
    return 0;
  }
  if (!confirmed) {
    print(`This is stored about ${userId}:\n${tableOf(await userData.count(userId))}`);
    await reportHosted(userData, userId);
    print('Nothing was changed. With --confirm the connection is ended and all of it is deleted.');
    return 0;
  }
  if (!(await disconnect(userId, config, database))) {
    print(
      `${userId} is disconnected here, but Zoom has not confirmed it. Nothing was deleted, because the tokens are ` +
        'needed to revoke the grant. The servers go on trying: run this again later.',
    );
    return 1;
  }
  await reportHosted(userData, userId);
  print(`Deleted of ${userId}:\n${tableOf(await userData.erase(userId))}`);
  const left = Object.values(await userData.count(userId)).some((count) => count > 0);
  if (left) print('The user has been active meanwhile, and there is data again. Run this again.');
  return left ? 1 : 0;
}

/** Ends the connection here and at Zoom. False when Zoom has not confirmed it. */
async function disconnect(userId: string, config: CompleteConfig, database: Database): Promise<boolean> {
  const logger = createLogger(config.logLevel, process.stderr);
  const tasks = new BackgroundTasks((err) => {
    logger.error({ err }, 'background task failed');
  });
  const metrics = new Metrics(() => tasks.size);
  const rateLimits = new RateLimits(database.connection, systemClock, logger, config.api);
  const { services } = compose(config, { logger }, { database, tasks, metrics, rateLimits });
  const outcome = await services.revocations.revoke(userId, { actor: { kind: 'admin' } });
  const isDrained = await tasks.drain(DRAIN_MS);
  return isDrained && outcome !== 'PENDING_RETRY';
}

async function reportHosted(userData: UserData, userId: string): Promise<void> {
  const meetings = await userData.hostedMeetings(userId);
  if (meetings.length > 0)
    print(`The platform hosts these meetings for the user. Delete them at the host: ${meetings.join(', ')}`);
}

function tableOf(counts: UserDataCounts): string {
  return Object.entries(counts)
    .map(([name, count]) => `  ${name.padEnd(22)} ${count}`)
    .join('\n');
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

main().catch((error: unknown) => {
  const text = error instanceof ConfigError ? error.message : String((error as Error).stack ?? error);
  process.stderr.write(`${text}\n`);
  process.exit(1);
});

import { setTimeout as sleep } from 'node:timers/promises';
import { type Database, openDatabase } from '../../src/models/database.js';
import { testDatabase } from '../support/database.js';
import { type DatabaseProxy, startDatabaseProxy } from '../support/database-proxy.js';
import { until } from '../support/waiting.js';

const BREAKS = process.env['FAULTS'] === 'full' ? 50 : 4;
const CLIENTS = 12;
const READERS_PER_CLIENT = 5;

const home = testDatabase();
let proxy: DatabaseProxy;
let databases: Database[] = [];
let rebuilds = 0;
let isOver = false;
let readers: Promise<unknown>[] = [];

/** Reads as fast as the database answers. */
async function read({ models }: Database): Promise<void> {
  while (!isOver) await models.grants.findOne({ userId: 'nobody' }).then(undefined, () => sleep(20));
}

const areAllUsable = async () =>
  (await Promise.allSettled(databases.map((database) => database.ping()))).every(
    ({ status }) => status === 'fulfilled',
  );

beforeAll(async () => {
  proxy = await startDatabaseProxy(home.uri);
  const onRebuild = () => {
    rebuilds += 1;
  };
  databases = await Promise.all(
    Array.from({ length: CLIENTS }, () => openDatabase(proxy.uri(home.uri), { onRebuild, lostForMs: 1_000 })),
  );
  readers = databases.flatMap((database) => Array.from({ length: READERS_PER_CLIENT }, () => read(database)));
});
afterAll(async () => {
  isOver = true;
  await Promise.all(databases.map((database) => database.close()));
  await Promise.all(readers);
  await proxy.close();
  await home.drop();
});

test('all connections closed at once under load, again and again: every client comes back, rebuilt if it has to be', async () => {
  for (let breaks = 0; breaks < BREAKS; breaks++) {
    await sleep(500);
    proxy.setReachable(false);
    await sleep(1_500);
    proxy.setReachable(true);
    await until(areAllUsable, 20_000);
  }
  // This engine's `hello` names no topologyVersion, which is what the driver trips over.
  process.stdout.write(`${BREAKS} breaks of ${CLIENTS} clients: ${rebuilds} clients were rebuilt\n`);
}, 900_000);

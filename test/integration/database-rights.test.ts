import { openDatabase } from '../../src/models/database.js';
import { StartError } from '../../src/lib/start-error.js';
import { type TestDatabase, testDatabase } from '../support/database.js';
import { type DatabaseProxy, startDatabaseProxy } from '../support/database-proxy.js';

let database: TestDatabase;
let proxy: DatabaseProxy;

beforeEach(async () => {
  database = testDatabase();
  proxy = await startDatabaseProxy(database.uri);
});
afterEach(async () => {
  await proxy.close();
  await database.drop();
});

const mayNot = (...commands: string[]) => {
  proxy.interfere((command) => (commands.some((name) => name in command) ? 'refuse' : undefined));
};

test('a user without the right to createIndexes is enough while all indexes are there', async () => {
  const owner = await openDatabase(database.uri);
  await owner.close();
  mayNot('createIndexes');
  const opened = await openDatabase(proxy.uri(database.uri));
  await expect(opened.ping()).resolves.toBeUndefined();
  await opened.close();
  // Nothing is asked that the user may not do.
  expect(proxy.interferences).toBe(0);
});

test.each([
  ['an index is not there', ['createIndexes']],
  ['the indexes cannot be listed either', ['createIndexes', 'listIndexes']],
])('without that right the start ends when %s, and the collection is named', async (_what, commands) => {
  // The first collection has no index yet, or has them all.
  if (commands.includes('listIndexes')) await (await openDatabase(database.uri)).close();
  mayNot(...commands);
  const attempt = openDatabase(proxy.uri(database.uri));
  await expect(attempt).rejects.toThrow(StartError);
  await expect(attempt).rejects.toThrow(
    /^MONGODB_URI: the indexes of the collection useroauthtokens cannot be built/,
  );
});

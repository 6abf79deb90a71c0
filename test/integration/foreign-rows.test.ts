import mongoose from 'mongoose';
import { SANDBOX_WEBHOOK_SECRET_TOKEN } from '../../src/dev/sandbox/sandbox.js';
import { KeyRotation } from '../../src/grants/store/key-rotation.js';
import { TokenCipher } from '../../src/grants/token-cipher.js';
import { Secret } from '../../src/lib/secret.js';
import { type IndexFinding } from '../../src/models/build-indexes.js';
import { openDatabase } from '../../src/models/database.js';
import { testDatabase } from '../support/database.js';
import { FOREIGN_ROWS, formerRow, pendingRow, rowOfVersion } from '../support/foreign-rows.js';
import { type Harness, someUser, startHarness } from '../support/harness.js';

const CONNECTION = '{ zoomConnection { status zoomUserId } }';
const FOREIGN_INDEX = { unique: true, name: 'foreign' };
const GRANTS = '{ zoomGrants(first: 300) { edges { node { userId status } } } }';

describe('a server on a database with rows of others', () => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await startHarness({ webhookSecretTokens: [new Secret(SANDBOX_WEBHOOK_SECRET_TOKEN)] });
    harness.sandbox.control.updateApp({ published: true, webhookUrl: `${harness.url}/api/zoom/webhook` });
  });
  afterAll(() => harness.close());

  const stored = () => harness.database.models.grants.collection;
  const statusOf = async (userId: string) => (await harness.graphql(userId, CONNECTION)).data.zoomConnection;
  const listed = async () => {
    const { data } = await harness.graphql('support', GRANTS, { role: 'admin' });
    return (data.zoomGrants.edges as { node: { userId: string } }[]).map(({ node }) => node.userId);
  };

  test.each(Object.keys(FOREIGN_ROWS))('%s is left alone, and its user can connect', async (what) => {
    const userId = someUser();
    const zoomUserId = harness.sandbox.control.addUser().id;
    const rows = FOREIGN_ROWS[what]?.(userId, zoomUserId) ?? [];
    const { insertedIds } = await stored().insertMany(rows);
    const ids = Object.values(insertedIds);
    const readAll = async () => Promise.all(ids.map((_id) => stored().findOne({ _id })));
    const before = await readAll();

    expect(await statusOf(userId)).toEqual({ status: 'NOT_CONNECTED', zoomUserId: null });
    expect(await listed()).not.toContain(userId);
    expect(await harness.graphql(userId, '{ zoomProfile { id } }')).toMatchObject({
      errors: [{ extensions: { code: 'ZOOM_NOT_CONNECTED' } }],
    });
    await harness.graphql(userId, 'mutation { revokeZoom { revokedAtZoom } }');

    const { location } = await harness.connect(userId, { zoomUserId });
    expect(location).toContain('zoom=connected');
    expect(await statusOf(userId)).toEqual({ status: 'CONNECTED', zoomUserId });
    expect((await listed()).filter((id) => id === userId)).toHaveLength(1);
    await harness.advance(2 * 3_600_000);
    expect((await harness.graphql(userId, '{ zoomProfile { id } }')).data.zoomProfile.id).toBe(zoomUserId);
    await harness.server.maintain();
    await harness.sandbox.control.uninstall(zoomUserId);
    expect(await statusOf(userId)).toEqual({ status: 'REVOKED', zoomUserId: null });

    expect(await readAll()).toEqual(before);
    await stored()
      .deleteMany({ _id: { $in: ids } })
      .catch(() => undefined);
  });

  test('a removal at Zoom that concerns only a former row is accepted and changes nothing', async () => {
    const zoomUserId = harness.sandbox.control.addUser().id;
    const { insertedId } = await stored().insertOne(formerRow({ zoomUserId }));
    const before = await stored().findOne({ _id: insertedId });
    const [delivery] = await harness.sandbox.control.sendWebhook({
      event: 'app_deauthorized',
      payload: {
        account_id: 'account',
        user_id: zoomUserId,
        client_id: harness.config.zoom.clientId,
        deauthorization_time: harness.clock().toISOString(),
      },
    });
    expect(delivery?.attempts.at(-1)?.status).toBe(200);
    expect(await stored().findOne({ _id: insertedId })).toEqual(before);
  });

  test('a rotation of keys skips rows of others and counts them', async () => {
    await stored().insertMany([formerRow(), rowOfVersion(2, { userId: someUser() })]);
    const cipher = new TokenCipher(harness.config.encryptionKeys);
    const { models } = harness.database;
    const { refused, settled, skipped } = await new KeyRotation({
      models,
      cipher,
      onProgress: () => undefined,
    }).run();
    expect({ refused, settled }).toEqual({ refused: [], settled: true });
    expect(skipped).toMatchObject([{ collection: 'useroauthtokens', isComplete: true }]);
    expect(skipped[0]?.formerProject).toBeGreaterThanOrEqual(1);
    expect(skipped[0]?.otherVersion).toBeGreaterThanOrEqual(1);
  });

  test('a callback that an index of others keeps from storing ends with an error, and is not repeated', async () => {
    const userId = someUser();
    const zoomUserId = harness.sandbox.control.addUser().id;
    await stored().insertOne(rowOfVersion(2, { userId }));
    await stored().createIndex({ userId: 1 }, { ...FOREIGN_INDEX, partialFilterExpression: { userId } });
    try {
      const started = performance.now();
      const { location } = await harness.connect(userId, { zoomUserId });
      expect(location).toContain('zoom=error');
      expect(performance.now() - started).toBeLessThan(5_000);
      const logged = harness.log.lines.length;
      await harness.server.maintain();
      expect(JSON.stringify(harness.log.lines.slice(logged))).not.toContain('RowConflictError');
    } finally {
      await stored().dropIndex('foreign');
    }
  });

  test('every document that is created carries the version', async () => {
    const userId = someUser();
    await harness.connect(userId);
    await harness.graphql(userId, 'mutation { startZoomAuthorization { authorizationUrl } }');
    const { grants, auditEvents, authorizationRequests } = harness.database.models;
    expect(await grants.findOne({ userId }).lean()).toMatchObject({ schemaVersion: 1 });
    expect(await auditEvents.findOne({ userId }).lean()).toMatchObject({ schemaVersion: 1 });
    const pending = await authorizationRequests.collection.find({}, { sort: { _id: 1 } }).toArray();
    expect(pending.map(({ schemaVersion }) => schemaVersion as unknown)).toContain(1);
  });

  test('no operation on the grants lacks the conditions that leave rows of others alone', async () => {
    const operations: { method: string; filter: object }[] = [];
    mongoose.set('debug', (collection: string, method: string, filter: object) => {
      const isExempt = ['insertOne', 'createIndex', 'listIndexes', 'estimatedDocumentCount'].includes(method);
      if (collection === 'useroauthtokens' && !isExempt) operations.push({ method, filter });
    });
    try {
      const [userId, other] = [someUser(), someUser()];
      const { zoomUserId } = await harness.connect(userId);
      await harness.connect(other, { zoomUserId });
      await harness.advance(2 * 3_600_000);
      await harness.graphql(other, '{ zoomProfile { id } zoomAuditEvents { edges { node { id } } } }');
      await harness.connect(other, { zoomUserId });
      await harness.graphql(other, 'mutation { revokeZoom { revokedAtZoom } }');
      await harness.sandbox.control.uninstall(zoomUserId);
      await listed();
      await harness.server.maintain();
    } finally {
      mongoose.set('debug', false);
    }
    expect(new Set(operations.map(({ method }) => method)).size).toBeGreaterThanOrEqual(4);
    const bare = operations.filter(
      ({ filter }) => !('schemaVersion' in filter && 'grantGeneration' in filter),
    );
    expect(bare).toEqual([]);
  });

  test.each([
    ['a refresh', 'mutation { refreshZoomToken { connection { status } } }'],
    ['a disconnect', 'mutation { revokeZoom { revokedAtZoom } }'],
  ])('a grant without a version is read, and %s writes its version', async (_what, mutation) => {
    const userId = someUser();
    await harness.connect(userId);
    await harness.database.models.grants.updateOne({ userId }, { $unset: { schemaVersion: 1 } });
    expect(await statusOf(userId)).toMatchObject({ status: 'CONNECTED' });
    await harness.graphql(userId, mutation);
    expect(await harness.database.models.grants.findOne({ userId }).lean()).toMatchObject({
      schemaVersion: 1,
    });
  });
});

describe('opening a database', () => {
  /** Opens a database that `fill` has prepared; answers what was found. */
  async function opened(fill: (db: mongoose.mongo.Db) => Promise<unknown>) {
    const home = testDatabase();
    const raw = await mongoose
      .createConnection(home.uri, {
        dbName: new URL(home.uri.replace(/^mongodb:\/\/[^/]+/, 'http://h')).pathname.slice(1),
      })
      .asPromise();
    const rows: string[] = [];
    const findings: IndexFinding[] = [];
    try {
      await fill(raw.db!);
      const database = await openDatabase(home.uri, {
        onForeignRows: (found) => rows.push(found),
        onIndex: (finding) => findings.push(finding),
      });
      const indexes = await database.models.grants.collection.listIndexes().toArray();
      await database.close();
      return { rows, findings, indexes: indexes.map(({ name }) => name as string) };
    } finally {
      await raw.close();
      await home.drop();
    }
  }
  const GRANT_INDEXES = ['_id_', 'userId_version', 'userId_unique', 'activeZoomUserId_unique'];
  const rowsOf = (db: mongoose.mongo.Db) => db.collection('useroauthtokens');

  test('an empty database has nothing to report', async () => {
    const { rows, findings, indexes } = await opened(() => Promise.resolve());
    expect({ rows, findings }).toEqual({ rows: [], findings: [] });
    expect(indexes).toEqual(expect.arrayContaining(GRANT_INDEXES));
  });

  test('all kinds of rows of others together are counted in one line, and the indexes are built', async () => {
    const all = Object.values(FOREIGN_ROWS).flatMap((make) => make('user', 'zoom-user'));
    const { rows, indexes } = await opened(async (db) => {
      await rowsOf(db).insertMany([...all, pendingRow()]);
      await db.collection('auditevents').insertOne({ schemaVersion: 2 });
    });
    expect(rows).toEqual([
      'useroauthtokens: 11 of another project; useroauthtokens: 4 of another release; auditevents: 1 of another release',
    ]);
    expect(indexes).toEqual(expect.arrayContaining(GRANT_INDEXES));
  });

  test('counting ends at a thousand rows', async () => {
    const { rows } = await opened((db) =>
      rowsOf(db).insertMany(Array.from({ length: 1_200 }, () => pendingRow())),
    );
    expect(rows).toEqual(['useroauthtokens: at least 1000 of another project']);
  });

  test('an index of another name that does the same is taken, and one of others is named and left', async () => {
    const { findings, indexes } = await opened(async (db) => {
      await rowsOf(db).createIndex({ outboxSince: 1 }, { name: 'renamed' });
      await rowsOf(db).createIndex({ zoomEmail: 1 });
    });
    expect(findings).toEqual([
      {
        collection: 'useroauthtokens',
        index: 'zoomEmail_1',
        problem: 'unused',
        remedy: 'db.useroauthtokens.dropIndex("zoomEmail_1")',
      },
    ]);
    expect(indexes).toEqual(expect.arrayContaining([...GRANT_INDEXES, 'renamed', 'zoomEmail_1']));
    expect(indexes).not.toContain('outbox');
  });

  test('an index with other options that only makes lists fast is named, and the server starts', async () => {
    const { findings, indexes } = await opened((db) =>
      rowsOf(db).createIndex({ isActive: 1 }, { name: 'keepAlive' }),
    );
    expect(findings).toMatchObject([{ index: 'keepAlive', problem: 'other options' }]);
    expect(indexes).toEqual(expect.arrayContaining(GRANT_INDEXES));
  });

  test('a unique index with other options ends the start with one sentence and its remedy', async () => {
    const start = opened((db) => rowsOf(db).createIndex({ userId: 1 }, { name: 'userId_unique' }));
    await expect(start).rejects.toMatchObject({
      name: 'StartError',
      message: expect.stringContaining('db.useroauthtokens.dropIndex("userId_unique")') as string,
    });
  });

  test('two rows of ours with one key end the start with one sentence that names no user', async () => {
    const row = () => rowOfVersion(1, { userId: 'somebody', isActive: false });
    const start = opened((db) => rowsOf(db).insertMany([row(), row()]));
    await expect(start).rejects.toMatchObject({
      name: 'StartError',
      message:
        'MONGODB_URI: the indexes of the collection useroauthtokens cannot be built: userId_unique (two documents have the same key)',
    });
  });

  test('the unique index of version 0.1 on the Zoom user is replaced', async () => {
    const former = {
      unique: true,
      partialFilterExpression: { isActive: true, zoomUserId: { $exists: true } },
    };
    const { findings, indexes } = await opened(async (db) => {
      await rowsOf(db).createIndex({ zoomUserId: 1 }, { ...former, name: 'zoomUserId_active' });
      await rowsOf(db).createIndex({ userId: 1 }, { unique: true });
    });
    expect(indexes).not.toContain('zoomUserId_active');
    expect(findings).toMatchObject([{ index: 'userId_1', problem: 'unused' }]);
  });
});

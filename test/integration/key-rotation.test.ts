import { jest } from '@jest/globals';
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { Secret } from '../../src/lib/secret.js';
import { type Server, startServer } from '../../src/app/server.js';
import { KeyRotation, type RotationProgress } from '../../src/grants/store/key-rotation.js';
import { type EncryptionKey, TokenCipher } from '../../src/grants/token-cipher.js';
import { freePort, type Harness, someUser, startHarness, tokenFor } from '../support/harness.js';

const OLD: EncryptionKey = { kid: 'old', key: new Uint8Array(randomBytes(32)) };
const NEW: EncryptionKey = { kid: 'new', key: new Uint8Array(randomBytes(32)) };
const ROTATE_KEYS = join(import.meta.dirname, '../../dist/cli/rotate-keys.js');
const HOUR = 3_600_000;

let harness: Harness;
const servers: Server[] = [];
beforeEach(async () => {
  harness = await startHarness({ config: { encryptionKeys: [OLD] } });
});
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
  await harness.close();
});

/** Another server on the same database, with keys of its own. */
async function serverWith(encryptionKeys: Harness['config']['encryptionKeys']): Promise<Server> {
  const http = { ...harness.config.http, port: await freePort() };
  const server = await startServer(
    { ...harness.config, encryptionKeys, http },
    { logger: harness.log.logger, clock: harness.clock, jitter: () => 0 },
  );
  servers.push(server);
  return server;
}

async function errorsOf(server: Server, userId: string, query = '{ zoomProfile { id } }'): Promise<unknown> {
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${await tokenFor(harness.clock, userId)}`,
    },
    body: JSON.stringify({ query }),
  });
  return ((await response.json()) as { errors?: unknown }).errors;
}

const rotation = ({
  cipher = new TokenCipher([NEW, OLD]),
  onProgress = () => undefined,
  batchSize = 2,
}: {
  cipher?: TokenCipher;
  onProgress?: (progress: RotationProgress) => void;
  batchSize?: number;
} = {}) => new KeyRotation({ models: harness.database.models, cipher, onProgress, batchSize });

const connectMany = async (count: number) => {
  const userIds = Array.from({ length: count }, someUser);
  for (const userId of userIds) await harness.connect(userId);
  return userIds;
};
const keysInUse = async () => {
  const rows = await harness.database.models.grants.find({ isActive: true }).sort({ userId: 1 }).lean();
  return rows.flatMap(({ zoomAccessToken = '', zoomRefreshToken = '' }) =>
    [zoomAccessToken, zoomRefreshToken].map((value) => kidOf(value)),
  );
};
const kidOf = (sealed: string) =>
  (JSON.parse(Buffer.from(sealed.split('.')[0] ?? '', 'base64url').toString()) as { kid: string }).kid;

test('every value is sealed anew, and the old key can be removed', async () => {
  const userIds = await connectMany(5);
  const progress: RotationProgress[] = [];
  const result = await rotation({ onProgress: (seen) => progress.push(seen) }).run();
  expect(result).toEqual({ resealed: 10, refused: [], settled: true, skipped: [] });
  expect(new Set(await keysInUse())).toEqual(new Set(['new']));
  // The total is the database's estimate.
  const total = expect.any(Number) as number;
  expect(progress.filter(({ collection }) => collection === 'grants').slice(0, 3)).toEqual([
    { collection: 'grants', rows: 2, total, resealed: 4 },
    { collection: 'grants', rows: 4, total, resealed: 8 },
    { collection: 'grants', rows: 5, total, resealed: 10 },
  ]);
  const server = await serverWith([NEW]);
  for (const userId of userIds) expect(await errorsOf(server, userId)).toBeUndefined();
  await harness.advance(2 * HOUR);
  for (const userId of userIds) expect(await errorsOf(server, userId)).toBeUndefined();
});

test('a running server refreshes meanwhile, and no connection is lost', async () => {
  const userIds = await connectMany(6);
  const server = await serverWith([NEW, OLD]);
  await harness.advance(2 * HOUR);
  const [result, ...errors] = await Promise.all([
    rotation({ batchSize: 1 }).run(),
    ...userIds.map((userId) => errorsOf(server, userId)),
  ]);
  expect(result).toMatchObject({ refused: [], settled: true });
  expect(errors).toEqual(userIds.map(() => undefined));
  expect(harness.sandbox.control.counters().refreshes).toEqual({ granted: 6, rejected: 0 });
  const afterwards = await serverWith([NEW]);
  await harness.advance(2 * HOUR);
  for (const userId of userIds) expect(await errorsOf(afterwards, userId)).toBeUndefined();
});

test('a refresh that lands between the reading and the writing of a row is not overwritten', async () => {
  const [userId = ''] = await connectMany(1);
  const server = await serverWith([NEW, OLD]);
  let refreshed = false;
  class InterruptedCipher extends TokenCipher {
    override async seal(...parameters: Parameters<TokenCipher['seal']>) {
      if (!refreshed) {
        refreshed = true;
        const refresh = 'mutation { refreshZoomToken { connection { status } } }';
        expect(await errorsOf(server, userId, refresh)).toBeUndefined();
      }
      return super.seal(...parameters);
    }
  }
  const result = await rotation({ cipher: new InterruptedCipher([NEW, OLD]) }).run();
  // The refresh has sealed both tokens with the new key already: nothing was left to do.
  expect(result).toEqual({ resealed: 0, refused: [], settled: true, skipped: [] });
  await harness.advance(2 * HOUR);
  expect(await errorsOf(server, userId)).toBeUndefined();
  expect(harness.sandbox.control.counters().refreshes).toEqual({ granted: 2, rejected: 0 });
});

test('an interrupted rotation goes on where it was', async () => {
  await connectMany(5);
  const interrupted = rotation({
    onProgress: () => {
      throw new Error('the process was ended');
    },
  });
  await expect(interrupted.run()).rejects.toThrow('the process was ended');
  expect((await keysInUse()).filter((kid) => kid === 'new')).toHaveLength(4);
  expect(await rotation().run()).toEqual({ resealed: 6, refused: [], settled: true, skipped: [] });
});

test('tokens that wait for their revocation, and pending authorizations, are sealed anew too', async () => {
  const [userId = '', other = ''] = await connectMany(2);
  harness.sandbox.control.injectFault({ target: 'revoke', kind: 'status', status: 503 });
  await harness.graphql(userId, 'mutation { revokeZoom { revokedAtZoom } }');
  const start = 'mutation { startZoomAuthorization { authorizationUrl } }';
  await harness.graphql(other, start);
  expect(await rotation().run()).toEqual({ resealed: 5, refused: [], settled: true, skipped: [] });
  const server = await serverWith([NEW]);
  await harness.advance(2 * 60_000);
  await server.maintain();
  expect(await harness.database.models.pendingRevocations.findOne({ userId }).lean()).toBeNull();
  expect(harness.sandbox.control.grants().filter(({ alive }) => alive)).toHaveLength(1);
});

test('a value that no key opens is named and left as it is', async () => {
  const [userId = ''] = await connectMany(2);
  const foreign = new TokenCipher([{ kid: 'lost', key: new Uint8Array(randomBytes(32)) }]);
  const lost = await foreign.seal(new Secret('token'), { userId, field: 'zoomAccessToken' });
  await harness.database.models.grants.updateOne({ userId }, { $set: { zoomAccessToken: lost } });
  const { resealed, refused } = await rotation().run();
  expect(resealed).toBe(3);
  expect(refused).toEqual([
    {
      collection: 'grants',
      userId,
      field: 'zoomAccessToken',
      error: expect.objectContaining({ code: 'UNKNOWN_KEY' }),
    },
  ]);
  expect(await harness.database.models.grants.findOne({ userId }).lean()).toMatchObject({
    zoomAccessToken: lost,
  });
});

test('a server that goes on sealing with the old key is noticed', async () => {
  const [userId = ''] = await connectMany(1);
  const { models } = harness.database;
  const { collection } = models.authorizationRequests;
  // Asked for once a pass, after the grants have been gone through.
  jest.spyOn(collection, 'estimatedDocumentCount').mockImplementation(async () => {
    const value = new Secret('token');
    const zoomAccessToken = await new TokenCipher([OLD]).seal(value, { userId, field: 'zoomAccessToken' });
    await models.grants.updateOne({ userId }, { $set: { zoomAccessToken } });
    return 0;
  });
  expect(await rotation().run()).toEqual({ resealed: 4, refused: [], settled: false, skipped: [] });
});

test('npm run rotate-keys does it from the command line, and wants two keys', async () => {
  await connectMany(2);
  const entry = ({ kid, key }: EncryptionKey) => `${kid}:${Buffer.from(key).toString('base64')}`;
  const rotateKeys = (...keys: EncryptionKey[]) =>
    new Promise<{ failed: boolean; stdout: string; stderr: string }>((resolve) => {
      const env = {
        MONGODB_URI: harness.config.mongodbUri.reveal(),
        TOKEN_ENCRYPTION_KEYS: keys.map(entry).join(','),
      };
      execFile(process.execPath, [ROTATE_KEYS], { env }, (error, stdout, stderr) => {
        resolve({ failed: error !== null, stdout, stderr });
      });
    });
  const alone = await rotateKeys(NEW);
  expect(alone).toMatchObject({ failed: true, stdout: '' });
  expect(alone.stderr).toContain('TOKEN_ENCRYPTION_KEYS: needs the new key first');
  const both = await rotateKeys(NEW, OLD);
  expect(both).toMatchObject({ failed: false, stderr: '' });
  expect(both.stdout).toContain('Everything is sealed with the key "new" (4 values anew).');
  expect(new Set(await keysInUse())).toEqual(new Set(['new']));
});

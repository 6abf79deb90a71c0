import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestDatabase, testDatabase } from '../support/database.js';
import { startDatabaseProxy, type DatabaseProxy } from '../support/database-proxy.js';
import { freePort } from '../support/harness.js';
import { startMain } from '../support/main-process.js';

const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8')) as {
  version: string;
};
const SECRETS = {
  ZOOM_USER_MANAGED_CLIENT_SECRET: 'canary-client-secret',
  ZOOM_WEBHOOK_SECRET_TOKEN: 'canary-webhook-secret',
  TOKEN_ENCRYPTION_KEYS: `k1:${randomBytes(32).toString('base64')}`,
  AUTH_JWT_SECRET: 'canary of the platform, 32 bytes or more',
  HTTPS_PROXY: 'http://user:canary-password@127.0.0.1:9',
};
const NO_SECRET = /canary|k1:/;

let database: TestDatabase;
let proxy: DatabaseProxy;
let folder: string;

beforeAll(async () => {
  database = testDatabase();
  proxy = await startDatabaseProxy(database.uri);
  folder = mkdtempSync(join(tmpdir(), 'zoom-grant-configuration-'));
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await proxy.close();
  await database.drop();
});

/** A whole production environment. The database speaks TCP, for processes of another user. */
const production = async () => ({
  ...SECRETS,
  NODE_ENV: 'production',
  HOST: '127.0.0.1',
  PORT: String(await freePort()),
  MONGODB_URI: proxy.uri(database.uri),
  ZOOM_USER_MANAGED_CLIENT_ID: 'client',
  ZOOM_REDIRECT_URI: 'https://api.example.com/api/zoom/oauth/user-callback',
  AUTH_JWT_ISSUER: 'https://platform.example.com',
  AUTH_JWT_AUDIENCE: 'zoom-grants',
  CORS_ORIGINS: 'https://app.example.com',
});

test('--version and --help print, and start nothing', async () => {
  const asked = startMain(['--version'], {});
  expect({ code: await asked.ended, text: asked.stdout() }).toEqual({ code: 0, text: `${version}\n` });
  const helped = startMain(['--help'], {}, { cwd: folder });
  expect(await helped.ended).toBe(0);
  expect(helped.stdout()).toMatch(/^Usage: node dist\/main\.js/);
  expect(readdirSync(folder)).toEqual([]);
});

test('an unknown argument is refused', async () => {
  const refused = startMain(['--check'], {});
  expect(await refused.ended).toBe(1);
  expect(refused.stderr()).toContain('unknown argument');
});

test('--check-config says what is on and no secret, without the database and without writing', async () => {
  const env = { ...(await production()), MONGODB_URI: 'mongodb://user:canary@no-such-host.invalid/zoom' };
  const checked = startMain(['--check-config'], env, { cwd: folder });
  expect(await checked.ended).toBe(0);
  expect(checked.stdout()).toMatch(
    /"mode": "production"[^]*"k1"[^]*"webhooks": true[^]*The configuration is valid\.\n$/,
  );
  expect(checked.stdout()).not.toMatch(/canary|k1:/);
  expect(readdirSync(folder)).toEqual([]);
});

test('--check-config without any variable describes the stand-ins, and writes nothing', async () => {
  const checked = startMain(['--check-config'], {}, { cwd: folder });
  expect(await checked.ended).toBe(0);
  expect(JSON.parse(checked.stdout().replace(/\n[^\n]*\n$/, ''))).toMatchObject({
    zoom: 'sandbox',
    database: 'embedded',
  });
  expect(readdirSync(folder)).toEqual([]);
});

test('all that is wrong is one message with code 1, without a stack and without a secret', async () => {
  const wrong = {
    ...(await production()),
    ...{ NODE_ENV: 'production', PORT: ' ', TRUST_PROXY: 'true', AUTH_JWT_AUDIENCE: '' },
    ...{ ZOOM_WEBHOOK_SECRET: 'canary-misspelt', MONGODB_URI: 'mongodb://user:canary@db/zoom?w=1' },
    ...{ AUTH_JWT_SECRET: 'canary-too-short', EVENTS_WEBHOOK_SECRETS_FILE: '/no/such/file' },
  };
  for (const args of [[], ['--check-config']]) {
    const refused = startMain(args, wrong);
    expect(await refused.ended).toBe(1);
    const lines = refused.stderr().trim().split('\n');
    expect(lines.shift()).toBe('The configuration is not valid:');
    expect(lines.map((line) => /^ {2}- (\w+): /.exec(line)?.[1]).toSorted()).toEqual([
      'AUTH_JWT_AUDIENCE',
      'AUTH_JWT_SECRET',
      'EVENTS_WEBHOOK_SECRETS_FILE',
      'EVENTS_WEBHOOK_URL',
      'MONGODB_URI',
      'PORT',
      'TRUST_PROXY',
      'ZOOM_WEBHOOK_SECRET',
    ]);
    expect(refused.stdout() + refused.stderr()).not.toMatch(NO_SECRET);
  }
});

test('a port that is taken is one line, without a stack', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => other.once('listening', resolve));
  const { port } = other.address() as { port: number };
  const refused = startMain([], { ...(await production()), PORT: String(port) });
  expect(await refused.ended).toBe(1);
  expect(refused.stderr()).toBe(
    'The server cannot start:\n  - PORT: another process listens on this port (EADDRINUSE)\n',
  );
  other.close();
});

test('production writes nothing: a user who may write nowhere starts it in a folder that is read-only', async () => {
  const cwd = mkdtempSync(join(tmpdir(), 'zoom-grant-read-only-'));
  chmodSync(cwd, 0o555);
  const env = await production();
  const nobody = process.getuid?.() === 0 ? { uid: 65_534 } : {};
  const server = startMain([], env, { cwd, ...nobody });
  await server.saying('"listening"');
  expect((await fetch(`http://127.0.0.1:${env.PORT}/readyz`)).status).toBe(200);
  server.signal('SIGTERM');
  expect(await server.ended).toBe(0);
  expect(readdirSync(cwd)).toEqual([]);
  rmSync(cwd, { recursive: true });
  const [first] = server.stdout().split('\n');
  expect(JSON.parse(first ?? '')).toMatchObject({
    msg: 'starting',
    ...{ version, node: process.version, mode: 'production', webhooks: true, events: false, pages: false },
  });
  expect(server.stdout() + server.stderr()).not.toMatch(NO_SECRET);
});

test('secrets come from files', async () => {
  const files = Object.fromEntries(
    Object.entries(SECRETS).map(([name, secret]) => {
      const file = join(folder, name);
      writeFileSync(file, `${secret}\n`);
      return [`${name}_FILE`, file];
    }),
  );
  const none = Object.fromEntries(Object.keys(SECRETS).map((name) => [name, undefined]));
  const checked = startMain(['--check-config'], { ...(await production()), ...none, ...files });
  expect(await checked.ended).toBe(0);
  expect(checked.stdout()).toContain('"k1"');
});

test('a misspelt variable is a warning in the log outside production', async () => {
  const env = { ...(await production()), NODE_ENV: 'development', ZOOM_WEBHOOK_SECRET: 'canary' };
  const server = startMain([], env);
  await server.saying('"listening"');
  server.signal('SIGTERM');
  await server.ended;
  expect(server.stdout()).toContain('did you mean ZOOM_WEBHOOK_SECRET_TOKEN?');
  expect(server.stdout()).not.toMatch(NO_SECRET);
});

describe('a database that is away at the start', () => {
  beforeEach(() => {
    proxy.setReachable(false);
  });
  afterEach(() => {
    proxy.setReachable(true);
  });

  test('is waited for with a line in the log, and the server starts when it is there', async () => {
    const env = await production();
    const server = startMain([], env);
    await server.saying('the database does not answer');
    proxy.setReachable(true);
    await server.saying('"listening"');
    expect((await fetch(`http://127.0.0.1:${env.PORT}/readyz`)).status).toBe(200);
    server.signal('SIGTERM');
    expect(await server.ended).toBe(0);
  });

  test('does not hold up SIGTERM', async () => {
    const server = startMain([], await production());
    await server.saying('the database does not answer');
    const began = performance.now();
    server.signal('SIGTERM');
    expect(await server.ended).toBe(0);
    expect(performance.now() - began).toBeLessThan(3_000);
    expect(server.stderr()).toBe('');
  });
});

import { randomBytes } from 'node:crypto';
import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { encryptionKey } from '../support/encryption-key.js';
import { type TestDatabase, testDatabase } from '../support/database.js';
import { freePort } from '../support/harness.js';
import { startServerProcess } from '../support/server-process.js';

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, '../..');
const INSTALL_MS = 300_000;

/** Writes down, as the process ends, which native libraries it has loaded. */
const LIST_LIBRARIES = `
  import { writeFileSync } from 'node:fs';
  process.on('exit', () => {
    writeFileSync(process.env.LIBRARIES_FILE, JSON.stringify(process.report.getReport().sharedObjects));
  });
`;

let folder: string;
let database: TestDatabase;

beforeAll(async () => {
  database = testDatabase();
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'zoom-grant-install-')));
  // What the image has, and the lock file that the Dockerfile installs from.
  for (const name of ['package.json', 'package-lock.json', 'LICENSE', 'dist']) addToFolder(name);
  const omit = ['--omit=dev', '--omit=optional', '--ignore-scripts', '--engine-strict'];
  await run('npm', ['ci', ...omit, '--prefer-offline', '--no-audit', '--no-fund'], { cwd: folder });
}, INSTALL_MS);

afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await database.drop();
});

function addToFolder(name: string): void {
  cpSync(join(ROOT, name), join(folder, name), { recursive: true });
}

/** Every file of the installation but those of the packages. */
const files = () =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (path) => !/^(node_modules|production-)/.test(path),
  );

/** Environment and arguments of a process that says what it has loaded. */
function observed(name: string) {
  const coverage = join(folder, `${name}-modules`);
  const libraries = join(folder, `${name}-libraries.json`);
  return {
    env: { NODE_V8_COVERAGE: coverage, LIBRARIES_FILE: libraries },
    nodeArguments: ['--import', `data:text/javascript,${encodeURIComponent(LIST_LIBRARIES)}`],
    /** The files of dist/ that were loaded, relative to it. */
    modules: () => {
      const dist = pathToFileURL(join(folder, 'dist/')).href;
      const urls = readdirSync(coverage).flatMap((file) => {
        const { result } = JSON.parse(readFileSync(join(coverage, file), 'utf8')) as {
          result: { url: string }[];
        };
        return result.map(({ url }) => url);
      });
      return urls.filter((url) => url.startsWith(dist)).map((url) => url.slice(dist.length));
    },
    /** The native modules that were loaded. */
    nativeModules: () =>
      (JSON.parse(readFileSync(libraries, 'utf8')) as string[]).filter((path) => path.endsWith('.node')),
  };
}

test('a complete configuration loads no stand-in and no native module', async () => {
  const observer = observed('production');
  const before = files();
  const server = await startServerProcess({
    main: join(folder, 'dist/main.js'),
    mongodbUri: database.uri,
    sandboxUrl: 'https://zoom.example.com',
    redirectUri: 'https://api.example.com/api/zoom/oauth/user-callback',
    encryptionKeys: `k1:${randomBytes(32).toString('base64')}`,
    env: {
      ...observer.env,
      NODE_ENV: 'production',
      HOST: '127.0.0.1',
      EMBEDDED_DATA_DIR: join(folder, 'data'),
    },
    nodeArguments: observer.nodeArguments,
  });
  const ready = await fetch(`${server.url}/readyz`);
  expect(ready.status).toBe(200);
  expect(await server.terminate()).toBe(0);
  const modules = observer.modules();
  expect(modules).toEqual(expect.arrayContaining(['main.js', 'app/server.js', 'http/health-routes.js']));
  expect(modules.filter((module) => module.startsWith('dev/'))).toEqual([]);
  expect(observer.nativeModules()).toEqual([]);
  expect(files()).toEqual(before);
});

test('the check of the health of a container passes while the server runs, and fails when it does not', async () => {
  const [, command = ''] =
    /^HEALTHCHECK [^[]*(\[.*\])$/m.exec(
      readFileSync(join(ROOT, 'Dockerfile'), 'utf8').replaceAll('\\\n', ''),
    ) ?? [];
  const [program = '', ...args] = JSON.parse(command) as string[];
  const port = await freePort();
  const check = () => run(program, args, { env: { PATH: process.env['PATH'], PORT: String(port) } });
  await expect(check()).rejects.toMatchObject({ code: 1 });
  const listener = createServer((request, response) => response.end(request.url)).listen(port);
  await check();
  listener.close();
});

test('npm run rotate-keys works without the sources and without the scripts that build', async () => {
  const { stdout, stderr } = await run('npm', ['run', '--silent', 'rotate-keys'], {
    cwd: folder,
    env: {
      PATH: process.env['PATH'],
      MONGODB_URI: database.uri,
      TOKEN_ENCRYPTION_KEYS: [encryptionKey('k2', 8), encryptionKey('k1')].join(','),
    },
  });
  expect(stderr).toBe('');
  expect(stdout).toContain('Everything is sealed with the key "k2"');
});

test('the data of a user can be exported', async () => {
  const { stdout } = await run(process.execPath, ['dist/cli/user-data.js', 'export', '--user', 'user-1'], {
    cwd: folder,
    env: {
      NODE_ENV: 'production',
      MONGODB_URI: database.uri,
      TOKEN_ENCRYPTION_KEYS: encryptionKey('k1'),
      CORS_ORIGINS: 'https://app.example.com',
      ZOOM_USER_MANAGED_CLIENT_ID: 'client',
      ZOOM_USER_MANAGED_CLIENT_SECRET: 'secret',
      ZOOM_REDIRECT_URI: 'https://api.example.com/api/zoom/oauth/user-callback',
      AUTH_JWT_SECRET: 'a secret of the platform, 32 bytes or more',
      AUTH_JWT_ISSUER: 'https://platform.example.com',
      AUTH_JWT_AUDIENCE: 'zoom-grants',
    },
  });
  expect(JSON.parse(stdout)).toMatchObject({ userId: 'user-1', data: { grants: [] } });
});

test('without a configuration the process says in one sentence what the stand-ins need', async () => {
  const observer = observed('development');
  const started = run(process.execPath, [...observer.nodeArguments, join(folder, 'dist/main.js')], {
    cwd: folder,
    env: { PATH: process.env['PATH'], PORT: '0', ...observer.env },
  });
  await expect(started).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringMatching(
      /^Error: The embedded database needs the optional package "libsql"/m,
    ) as string,
  });
  // So the list of modules that the other test reads would have named the stand-ins.
  expect(observer.modules()).toEqual(expect.arrayContaining(['main.js', 'dev/stand-ins.js']));
});

test('npm start does not try to build, even when a source is newer than what was built', async () => {
  addToFolder('scripts');
  mkdirSync(join(folder, 'src'));
  writeFileSync(join(folder, 'src/newer.ts'), '');
  const { stdout, stderr } = await run('npm', ['run', '--silent', 'prestart'], { cwd: folder });
  expect({ stdout, stderr }).toEqual({ stdout: '', stderr: '' });
});

test('an installation without dist/ says how to build it', async () => {
  rmSync(join(folder, 'dist'), { recursive: true });
  await expect(run('npm', ['run', '--silent', 'prestart'], { cwd: folder })).rejects.toMatchObject({
    stderr: expect.stringContaining('run "npm ci && npm run build" first') as string,
  });
});

import { generateKeyPairSync } from 'node:crypto';
import { type Environment, parseEnvironment } from '../../../src/config/environment.js';

/** 32 bytes that are not equal, in base64. */
const keyOf = (name: string) => Buffer.from(name.padEnd(32, ' of a test')).toString('base64').slice(0, 44);
const KEY = keyOf('first');
const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const publicPem = publicKey.export({ type: 'spki', format: 'pem' }).toString();

/** Everything a production server needs. */
const PRODUCTION = {
  NODE_ENV: 'production',
  ZOOM_USER_MANAGED_CLIENT_ID: 'client',
  ZOOM_USER_MANAGED_CLIENT_SECRET: 'client-secret-value',
  ZOOM_REDIRECT_URI: 'https://api.example.com/api/zoom/oauth/user-callback',
  MONGODB_URI: 'mongodb+srv://user:password@db.example.com/zoom',
  TOKEN_ENCRYPTION_KEYS: `k2:${KEY},k1:${keyOf('second')}`,
  AUTH_JWKS_URL: 'https://platform.example.com/jwks',
  AUTH_JWT_ISSUER: 'https://platform.example.com',
  AUTH_JWT_AUDIENCE: 'zoom-grants',
  CORS_ORIGINS: 'https://app.example.com',
};

function parsed(env: Record<string, string | undefined>): Environment {
  const result = parseEnvironment(env);
  if (!result.ok) throw new Error(result.problems.join('\n'));
  return result.environment;
}

function problems(env: Record<string, string | undefined>): string[] {
  const result = parseEnvironment(env);
  return result.ok ? [] : result.problems;
}

const variablesAtFault = (env: Record<string, string | undefined>) =>
  problems(env).map((problem) => problem.split(':', 1)[0]);

test('an empty environment is valid: sandbox and embedded database', () => {
  expect(parsed({})).toMatchObject({ PORT: 5001, EMBEDDED_DATA_DIR: '.data', AUDIT_RETENTION_DAYS: 365 });
  expect(parsed({})).not.toHaveProperty('MONGODB_URI');
});

test('an empty variable counts as left out', () => {
  expect(parsed({ PORT: '', MONGODB_URI: '', ZOOM_REDIRECT_URI: '' })).toEqual(parsed({}));
});

test('a full production environment is valid', () => {
  const environment = parsed(PRODUCTION);
  expect(environment.TOKEN_ENCRYPTION_KEYS?.map(({ kid }) => kid)).toEqual(['k2', 'k1']);
});

const WRONG: Record<string, string> = {
  PORT: '65536',
  SERVE_PAGES: 'yes',
  CORS_ORIGINS: 'https://app.example.com/',
  DEFAULT_RETURN_TO: 'http://app.example.com/',
  ZOOM_REDIRECT_URI: 'http://api.example.com/callback',
  ZOOM_OAUTH_BASE_URL: 'zoom.us',
  ZOOM_API_BASE_URL: 'http://api.zoom.us',
  ZOOM_TOKEN_TIMEOUT_MS: 'soon',
  ZOOM_API_TIMEOUT_MS: '0',
  MONGODB_URI: 'postgres://user:password-of-db@host/db',
  TOKEN_ENCRYPTION_KEYS: 'k1:c2hvcnQtc2VjcmV0',
  AUTH_JWKS_URL: 'http://platform.example.com/jwks',
  AUDIT_RETENTION_DAYS: '0',
  SHUTDOWN_TIMEOUT_MS: '-1',
  LOG_LEVEL: 'loud',
};

test.each(Object.entries(WRONG))('%s=%s is refused by name', (variable, value) => {
  expect(variablesAtFault({ [variable]: value })).toContain(variable);
});

test('every variable at fault is named at once, each once, with what is missing beside it', () => {
  const named = variablesAtFault(WRONG);
  expect(named).toEqual(expect.arrayContaining(Object.keys(WRONG)));
  expect(named).toEqual(
    expect.arrayContaining(['ZOOM_USER_MANAGED_CLIENT_ID', 'ZOOM_USER_MANAGED_CLIENT_SECRET']),
  );
  expect(new Set(named).size).toBe(named.length);
});

test('no message quotes a secret', () => {
  const secrets = {
    ...WRONG,
    ZOOM_USER_MANAGED_CLIENT_SECRET: 'the-client-secret',
    AUTH_JWT_SECRET: 'too-short-secret',
    AUTH_JWT_PUBLIC_KEY: 'not-a-key-secret',
    ZOOM_WEBHOOK_SECRET_TOKEN: 'hook-s',
  };
  const text = problems(secrets).join('\n');
  expect(text).toContain('AUTH_JWT_SECRET');
  expect(text).not.toMatch(
    /the-client-secret|too-short-secret|not-a-key-secret|password-of-db|c2hvcnQ|hook-s/,
  );
});

test.each<[string, Record<string, string>, string[]]>([
  [
    'the sandbox, the embedded database, its keys and its issuer',
    {},
    [
      'ZOOM_USER_MANAGED_CLIENT_ID',
      'ZOOM_USER_MANAGED_CLIENT_SECRET',
      'ZOOM_REDIRECT_URI',
      'MONGODB_URI',
      'TOKEN_ENCRYPTION_KEYS',
      'AUTH_JWT_SECRET',
      'AUTH_JWT_ISSUER',
      'AUTH_JWT_AUDIENCE',
      'CORS_ORIGINS',
    ],
  ],
  [
    'http, even for loopback',
    {
      ...PRODUCTION,
      ZOOM_REDIRECT_URI: 'http://localhost:5001/api/zoom/oauth/user-callback',
      ZOOM_OAUTH_BASE_URL: 'http://127.0.0.1:5002',
      ZOOM_API_BASE_URL: 'http://127.0.0.1:5002',
    },
    ['ZOOM_REDIRECT_URI', 'ZOOM_OAUTH_BASE_URL', 'ZOOM_API_BASE_URL'],
  ],
])('production refuses %s', (_what, env, expected) => {
  expect(variablesAtFault({ ...env, NODE_ENV: 'production' })).toEqual(expected);
});

test.each(['ZOOM_USER_MANAGED_CLIENT_ID', 'ZOOM_USER_MANAGED_CLIENT_SECRET', 'ZOOM_REDIRECT_URI'])(
  'an app of Zoom without %s is refused outside production too',
  (left) => {
    expect(variablesAtFault({ ...PRODUCTION, NODE_ENV: undefined, [left]: undefined })).toEqual([left]);
  },
);

test("real tokens want a key and an issuer of the platform's own", () => {
  const without = {
    ...PRODUCTION,
    NODE_ENV: undefined,
    TOKEN_ENCRYPTION_KEYS: undefined,
    AUTH_JWKS_URL: undefined,
  };
  expect(variablesAtFault(without).toSorted()).toEqual(['AUTH_JWT_SECRET', 'TOKEN_ENCRYPTION_KEYS']);
});

test.each([
  ['https://app.example.com', ['https://app.example.com']],
  [' https://a.example.com , http://localhost:3000,', ['https://a.example.com', 'http://localhost:3000']],
])('CORS_ORIGINS=%s', (list, origins) => {
  expect(parsed({ CORS_ORIGINS: list }).CORS_ORIGINS).toEqual(origins);
});

test.each([
  '*',
  'null',
  'app.example.com',
  'https://app.example.com/x',
  'https://APP.example.com',
  'https://*.example.com/',
])('CORS_ORIGINS=%s is refused', (list) => {
  expect(variablesAtFault({ CORS_ORIGINS: list })).toEqual(['CORS_ORIGINS']);
});

test.each([
  ['k1', 'no key'],
  [`:${KEY}`, 'no kid'],
  [`k1:${KEY}:x`, 'three parts'],
  ['k1:AAAA', 'three bytes'],
  [`k1:${KEY},k1:${KEY}`, 'one kid twice'],
  [`k1:${KEY},`, 'an empty entry'],
  [`k 1:${KEY}`, 'a blank in the kid'],
  [`k1:${KEY},k2:${KEY}`, 'one key under two kids'],
  [`k1:${Buffer.alloc(32, 7).toString('base64')}`, '32 equal bytes'],
])('TOKEN_ENCRYPTION_KEYS with %#: %s', (keys) => {
  expect(variablesAtFault({ TOKEN_ENCRYPTION_KEYS: keys })).toEqual(['TOKEN_ENCRYPTION_KEYS']);
});

test('a public key may come with its line breaks written out', () => {
  expect(parsed({ AUTH_JWT_PUBLIC_KEY: publicPem.replaceAll('\n', '\\n') }).AUTH_JWT_PUBLIC_KEY).toEqual([
    publicPem,
  ]);
});

test('a private key in the place of the public one is refused', () => {
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  expect(variablesAtFault({ AUTH_JWT_PUBLIC_KEY: pem })).toEqual(['AUTH_JWT_PUBLIC_KEY']);
});

test.each([
  ['é'.repeat(16), []],
  ['é'.repeat(15), ['AUTH_JWT_SECRET']],
])('AUTH_JWT_SECRET is measured in bytes: %s', (secret, expected) => {
  expect(variablesAtFault({ AUTH_JWT_SECRET: secret })).toEqual(expected);
});

test('blanks around the credentials of the app are no part of them', () => {
  const environment = parsed({ ...PRODUCTION, ZOOM_USER_MANAGED_CLIENT_SECRET: ' secret\n' });
  expect(environment.ZOOM_USER_MANAGED_CLIENT_SECRET).toBe('secret');
});

test('base URLs lose their trailing slash', () => {
  expect(parsed({ ZOOM_OAUTH_BASE_URL: 'https://zoom.us/' }).ZOOM_OAUTH_BASE_URL).toBe('https://zoom.us');
});

import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { type ConfigError, parseConfig } from '../../../src/config/config.js';

const KEY = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({
  type: 'pkcs8',
  format: 'pem',
}) as string;
const ZOOM = {
  ...{ ZOOM_USER_MANAGED_CLIENT_ID: 'id', ZOOM_USER_MANAGED_CLIENT_SECRET: 'secret' },
  ...{ ZOOM_REDIRECT_URI: 'https://app.example.com/api/zoom/oauth/user-callback' },
  ...{ AUTH_JWT_SECRET: 'x'.repeat(32), TOKEN_ENCRYPTION_KEYS: `k:${randomBytes(32).toString('base64')}` },
};
const APP = {
  ...{ ZOOM_APP_ACCOUNT_ID: 'account', ZOOM_APP_CLIENT_ID: 'app', ZOOM_APP_CLIENT_SECRET: 'app-secret' },
  ZOOM_APP_HOST_USER: 'host@example.com',
};
const MEET = {
  GOOGLE_MEET_CLIENT_EMAIL: 'robot@example.iam.gserviceaccount.com',
  GOOGLE_MEET_PRIVATE_KEY: KEY.replaceAll('\n', '\\n'),
  GOOGLE_MEET_SUBJECT: 'host@example.com',
};

const problemsOf = (env: Record<string, string>) => {
  try {
    parseConfig(env);
    return [];
  } catch (error) {
    return (error as ConfigError).problems.map((problem) => problem.split(':', 1)[0]);
  }
};

test('nothing configured is no fallback at all', () => {
  expect(parseConfig(ZOOM).fallbacks).toEqual({});
});

test('both fallbacks are read, the secrets unprintable', () => {
  const { fallbacks } = parseConfig({ ...ZOOM, ...APP, ...MEET });
  expect(fallbacks.zoomApp).toMatchObject({
    accountId: 'account',
    clientId: 'app',
    hostUser: 'host@example.com',
  });
  expect(fallbacks.googleMeet).toMatchObject({
    tokenUrl: 'https://oauth2.googleapis.com/token',
    apiUrl: 'https://meet.googleapis.com',
  });
  expect(fallbacks.googleMeet?.privateKey.reveal()).toBe(KEY);
  expect(JSON.stringify(fallbacks)).not.toMatch(/app-secret|PRIVATE KEY/);
});

test.each(Object.keys(APP))('the app without %s is refused, naming it', (missing) => {
  expect(problemsOf({ ...ZOOM, ...APP, [missing]: '' })).toEqual([missing]);
});

test.each(Object.keys(MEET))('Google without %s is refused, naming it', (missing) => {
  expect(problemsOf({ ...ZOOM, ...MEET, [missing]: '' })).toEqual([missing]);
});

test.each([
  ['an app beside the sandbox', APP, 'ZOOM_APP_ACCOUNT_ID'],
  ['a key that is none', { ...ZOOM, ...MEET, GOOGLE_MEET_PRIVATE_KEY: 'x' }, 'GOOGLE_MEET_PRIVATE_KEY'],
  ['plain http', { ...ZOOM, ...MEET, GOOGLE_MEET_API_URL: 'http://meet.example.com' }, 'GOOGLE_MEET_API_URL'],
])('%s is refused', (_what, env, variable) => {
  expect(problemsOf(env)).toEqual([variable]);
});

import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { completeConfig, ConfigError, parseConfig } from '../../../src/config/config.js';

const KEY = randomBytes(32).toString('base64');
const ZOOM = {
  ZOOM_USER_MANAGED_CLIENT_ID: 'client',
  ZOOM_USER_MANAGED_CLIENT_SECRET: 'the-client-secret',
  ZOOM_REDIRECT_URI: 'https://api.example.com/api/zoom/oauth/user-callback',
  TOKEN_ENCRYPTION_KEYS: `k1:${KEY}`,
  AUTH_JWT_SECRET: 'the-platform-secret-of-32-bytes-or-more',
};

test('without any variable, everything that has a stand-in is undefined', () => {
  expect(parseConfig({})).toMatchObject({
    production: false,
    http: { host: '127.0.0.1', port: 5001, trustProxy: false, corsOrigins: [], pages: true },
    zoom: undefined,
    mongodbUri: undefined,
    encryptionKeys: undefined,
    authentication: undefined,
    logLevel: 'warn',
  });
});

test('production listens everywhere, serves no pages and logs', () => {
  const env = {
    ...ZOOM,
    ...{ NODE_ENV: 'production', MONGODB_URI: 'mongodb://db.example.com' },
    ...{ AUTH_JWT_ISSUER: 'iss', AUTH_JWT_AUDIENCE: 'aud', CORS_ORIGINS: 'https://app.example.com' },
  };
  expect(parseConfig(env)).toMatchObject({
    production: true,
    http: { host: '0.0.0.0', pages: false },
    zoom: { oauthBaseUrl: 'https://zoom.us', apiBaseUrl: 'https://api.zoom.us' },
    logLevel: 'info',
  });
});

test.each([
  [{ AUTH_JWKS_URL: 'https://p.example.com/jwks', AUTH_JWT_SECRET: '' }, 'jwks'],
  [{}, 'secret'],
])('one source of platform keys: %j is %s', (changes, kind) => {
  const { authentication } = parseConfig({
    ...ZOOM,
    ...changes,
    AUTH_JWT_ISSUER: 'iss',
    AUTH_JWT_AUDIENCE: 'aud',
  });
  expect(authentication).toMatchObject({ sources: [{ kind }], issuer: 'iss', audience: 'aud' });
});

test('a configuration that is printed shows no secret', () => {
  const config = parseConfig({ ...ZOOM, MONGODB_URI: 'mongodb://user:the-password@host/db' });
  const printed = inspect(config, { depth: 9 }) + JSON.stringify(config);
  expect(printed).not.toMatch(/the-client-secret|the-platform-secret|the-password/);
});

test('a bad environment is one error that lists everything', () => {
  const attempt = () => parseConfig({ PORT: 'x', LOG_LEVEL: 'loud', MONGODB_URI: 'x' });
  expect(attempt).toThrow(ConfigError);
  expect(attempt).toThrow(/not valid:\n( {2}- (PORT|LOG_LEVEL|MONGODB_URI): .*\n?){3}$/);
});

describe('a complete configuration', () => {
  const COMPLETE = parseConfig({ ...ZOOM, MONGODB_URI: 'mongodb://db.example.com' });

  test('needs no stand-in', () => {
    expect(completeConfig(COMPLETE)).toMatchObject({ zoom: COMPLETE.zoom, mongodbUri: COMPLETE.mongodbUri });
  });

  test.each(['zoom', 'mongodbUri', 'encryptionKeys', 'authentication'])('has %s', (part) => {
    expect(completeConfig({ ...COMPLETE, [part]: undefined })).toBeUndefined();
  });

  test.each([
    [{}, 'https://api.example.com/'],
    [{ CORS_ORIGINS: 'https://a.example.com,https://b.example.com' }, 'https://a.example.com/'],
    [{ DEFAULT_RETURN_TO: 'https://c.example.com/zoom' }, 'https://c.example.com/zoom'],
  ])('with %j returns browsers to %s by default', (env, expected) => {
    const config = parseConfig({ ...ZOOM, MONGODB_URI: 'mongodb://db.example.com', ...env });
    expect(completeConfig(config)?.defaultReturnTo).toBe(expected);
  });
});

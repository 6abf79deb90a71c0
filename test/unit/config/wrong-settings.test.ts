import { generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import { parseEnvironment } from '../../../src/config/environment.js';

const key = () => randomBytes(32).toString('base64');
const pemOf = ({ publicKey }: { publicKey: KeyObject }) =>
  publicKey.export({ type: 'spki', format: 'pem' }).toString();

/** Everything a production server needs. */
const PRODUCTION = {
  NODE_ENV: 'production',
  ZOOM_USER_MANAGED_CLIENT_ID: 'client',
  ZOOM_USER_MANAGED_CLIENT_SECRET: 'client-secret-value',
  ZOOM_REDIRECT_URI: 'https://api.example.com/api/zoom/oauth/user-callback',
  MONGODB_URI: 'mongodb+srv://user:password@db.example.com/zoom?readPreference=primary&w=majority',
  TOKEN_ENCRYPTION_KEYS: `k1:${key()}`,
  AUTH_JWT_SECRET: 'a secret of the platform, 32 bytes or more',
  AUTH_JWT_ISSUER: 'https://platform.example.com',
  AUTH_JWT_AUDIENCE: 'zoom-grants',
  CORS_ORIGINS: 'https://app.example.com,http://localhost:3000',
};

function problems(env: Record<string, string | undefined>): string[] {
  const result = parseEnvironment(env);
  return result.ok ? [] : result.problems;
}

const atFault = (env: Record<string, string | undefined>) =>
  problems(env).map((problem) => problem.split(':', 1)[0]);

test('the production environment of this test is valid', () => {
  expect(problems(PRODUCTION)).toEqual([]);
});

const CURVES = ['P-256', 'P-384', 'P-521'].map((namedCurve) => generateKeyPairSync('ec', { namedCurve }));
const RSA = generateKeyPairSync('rsa', { modulusLength: 2048 });

test.each([
  ['RSA of 2048 bits', pemOf(RSA)],
  ['P-256', pemOf(CURVES[0] as never)],
  ['P-384', pemOf(CURVES[1] as never)],
  ['P-521', pemOf(CURVES[2] as never)],
  ['Ed25519', pemOf(generateKeyPairSync('ed25519'))],
  ['two keys, one after the other', pemOf(RSA) + pemOf(generateKeyPairSync('ed25519'))],
])('AUTH_JWT_PUBLIC_KEY may be %s', (_what, pem) => {
  expect(problems({ ...PRODUCTION, AUTH_JWT_SECRET: undefined, AUTH_JWT_PUBLIC_KEY: pem })).toEqual([]);
});

test.each([
  ['RSA of 1024 bits', pemOf(generateKeyPairSync('rsa', { modulusLength: 1024 }))],
  ['RSA of 2047 bits', pemOf(generateKeyPairSync('rsa', { modulusLength: 2047 }))],
  ['RSA-PSS', pemOf(generateKeyPairSync('rsa-pss', { modulusLength: 2048 }))],
  ['secp256k1', pemOf(generateKeyPairSync('ec', { namedCurve: 'secp256k1' }))],
  ['P-224', pemOf(generateKeyPairSync('ec', { namedCurve: 'secp224r1' }))],
  ['X25519', pemOf(generateKeyPairSync('x25519'))],
  ['X448', pemOf(generateKeyPairSync('x448'))],
  ['Ed448', pemOf(generateKeyPairSync('ed448'))],
  ['DSA', pemOf(generateKeyPairSync('dsa', { modulusLength: 2048, divisorLength: 256 }))],
  ['a good key and a weak one', pemOf(RSA) + pemOf(generateKeyPairSync('rsa', { modulusLength: 1024 }))],
  ['a good key and a text', `${pemOf(RSA)}x`],
])('AUTH_JWT_PUBLIC_KEY is refused if it is %s', (_what, pem) => {
  const found = problems({ ...PRODUCTION, AUTH_JWT_PUBLIC_KEY: pem });
  expect(found).toEqual([expect.stringMatching(/^AUTH_JWT_PUBLIC_KEY: /)]);
  expect(found.join()).not.toContain(pem.slice(30, 60));
});

/** Settings that are refused in production: what, the variable, its value. */
const REFUSED_IN_PRODUCTION: [what: string, variable: string, value: string | undefined][] = [
  ['no issuer', 'AUTH_JWT_ISSUER', undefined],
  ['no audience', 'AUTH_JWT_AUDIENCE', undefined],
  ['every proxy', 'TRUST_PROXY', 'true'],
  ['every address', 'TRUST_PROXY', '0.0.0.0/0'],
  ['every address beside another', 'TRUST_PROXY', '10.0.0.1, ::/0'],
  ['an http frontend', 'CORS_ORIGINS', 'https://app.example.com,http://app.example.com'],
  ['no frontend and no address to return to', 'CORS_ORIGINS', undefined],
];

test.each(REFUSED_IN_PRODUCTION)('production refuses %s by the name %s', (_what, variable, value) => {
  expect(atFault({ ...PRODUCTION, [variable]: value })).toEqual([variable]);
  const elsewhere = { ...PRODUCTION, [variable]: value, NODE_ENV: 'development' };
  expect(problems(elsewhere)).toEqual([]);
});

test.each([{ DEFAULT_RETURN_TO: 'https://app.example.com/#/settings' }, { SERVE_PAGES: 'true' }])(
  'production without CORS_ORIGINS starts with %j',
  (instead) => {
    expect(problems({ ...PRODUCTION, CORS_ORIGINS: undefined, ...instead })).toEqual([]);
  },
);

/** Settings that are refused everywhere. */
const REFUSED: [variable: string, value: string][] = [
  ...['prod', 'Production', 'PRODUCTION', 'staging', 'dev'].map((value): [string, string] => [
    'NODE_ENV',
    value,
  ]),
  ...[' ', '0x10', '1e3', '+5001', '5001.0', '65536', '-1', ' 5001'].map((value): [string, string] => [
    'PORT',
    value,
  ]),
  ...['0x1000', '1e4', ' ', '99', '600001'].map((value): [string, string] => ['SHUTDOWN_TIMEOUT_MS', value]),
  ...['0', '1e2', '3651'].map((value): [string, string] => ['AUDIT_RETENTION_DAYS', value]),
  ...[
    'TRUE',
    'yes',
    '0',
    '17',
    '-1',
    '999.1.1.1',
    '*',
    '10.0.0.0/33',
    '::1/129',
    '10.0.0.0/8/8',
    '10.0.0.0/x',
    'fe80::1%eth0',
    'proxy.example.com',
    ',',
  ].map((value): [string, string] => ['TRUST_PROXY', value]),
  ...['ws://app.example.com', 'https://user@app.example.com', 'https://app.example.com?x'].map(
    (value): [string, string] => ['CORS_ORIGINS', value],
  ),
  ['DEFAULT_RETURN_TO', 'https://user:pw@app.example.com/'],
  ...[
    '',
    '/',
    '/callback',
    '/api/zoom/oauth/user-callback/',
    '/prefix/api/zoom/oauth/user-callback',
    '/api/zoom/oauth/user-callback?x=1',
    '/api/zoom/oauth/user-callback?',
    '/api/zoom/oauth/user-callback#x',
    '/API/zoom/oauth/user-callback',
  ].map((path): [string, string] => ['ZOOM_REDIRECT_URI', `https://api.example.com${path}`]),
  ...[
    'AUTH_JWKS_URL',
    'EVENTS_WEBHOOK_URL',
    'ZOOM_OAUTH_BASE_URL',
    'ZOOM_API_BASE_URL',
    'GOOGLE_MEET_TOKEN_URL',
    'GOOGLE_MEET_API_URL',
  ].flatMap((variable): [string, string][] => [
    [variable, 'https://user:password-in-url@host.example.com/'],
    [variable, 'https://token-in-url@host.example.com/'],
    [variable, 'https://:password-in-url@host.example.com/'],
    [variable, 'https://host.example.com/#fragment'],
    [variable, 'http://inside-the-cluster/'],
  ]),
  ...['ZOOM_OAUTH_BASE_URL', 'ZOOM_API_BASE_URL', 'GOOGLE_MEET_API_URL'].map((variable): [string, string] => [
    variable,
    'https://host.example.com/?x=1',
  ]),
  ['ZOOM_REDIRECT_URI', 'https://user:password-in-url@api.example.com/api/zoom/oauth/user-callback'],
  ...['ftp://proxy', 'proxy:3128', 'socks5://proxy'].flatMap((value): [string, string][] => [
    ['HTTP_PROXY', value],
    ['HTTPS_PROXY', value],
  ]),
  ...[
    'readPreference=secondaryPreferred',
    'READPREFERENCE=secondary',
    'readPreference=nearest&w=majority',
    'w=1',
    'w=0',
    'journal=false',
    'j=false',
    'wtimeoutMS=1000',
    'wtimeout=1000',
    'w=majority&w=1',
  ].map((option): [string, string] => ['MONGODB_URI', `mongodb://user:password-in-url@db/zoom?${option}`]),
  ['MONGODB_URI', 'mongodb:///zoom'],
  ...['short,token', 'abcdefgh,short', ','].map((value): [string, string] => [
    'ZOOM_WEBHOOK_SECRET_TOKEN',
    value,
  ]),
  ['AUTH_JWT_SECRET', `${'x'.repeat(32)}\n${'y'.repeat(31)}`],
  ...[
    'ZOOM_USER_MANAGED_CLIENT_ID',
    'ZOOM_USER_MANAGED_CLIENT_SECRET',
    'HOST',
    'AUTH_JWT_ISSUER',
    'AUTH_JWT_AUDIENCE',
    'EMBEDDED_DATA_DIR',
    'LOG_LEVEL',
    'NO_PROXY',
  ].map((variable): [string, string] => [variable, '  ']),
];

test.each(REFUSED)('%s=%j is refused by name, and its value is not quoted', (variable, value) => {
  const besides = variable === 'EVENTS_WEBHOOK_URL' ? { EVENTS_WEBHOOK_SECRETS: `whsec_${key()}` } : {};
  const found = problems({ ...PRODUCTION, ...besides, NODE_ENV: 'development', [variable]: value });
  expect(found).toEqual([expect.stringMatching(new RegExp(`^${variable}: `))]);
  expect(found.join()).not.toMatch(/password-in-url|token-in-url/);
});

test.each([
  ['false', false],
  ['true', true],
  ['1', 1],
  ['16', 16],
  ['10.0.0.0/8', ['10.0.0.0/8']],
  ['loopback, 192.0.2.7 ,2001:db8::/32', ['loopback', '192.0.2.7', '2001:db8::/32']],
])('TRUST_PROXY=%s is %j', (value, expected) => {
  expect(parseEnvironment({ TRUST_PROXY: value })).toMatchObject({ environment: { TRUST_PROXY: expected } });
});

test('lists of secrets are read: several are valid at once', () => {
  const env = {
    ZOOM_WEBHOOK_SECRET_TOKEN: 'token-one, token-two',
    AUTH_JWT_SECRET: `${'a,'.repeat(16)}\r\n${'b'.repeat(32)}\n`,
  };
  expect(parseEnvironment(env)).toMatchObject({
    environment: {
      ZOOM_WEBHOOK_SECRET_TOKEN: ['token-one', 'token-two'],
      AUTH_JWT_SECRET: ['a,'.repeat(16), 'b'.repeat(32)],
    },
  });
});

test('proxies are read from names in lower case too, which count', () => {
  const env = {
    HTTPS_PROXY: 'http://upper:1',
    https_proxy: 'http://user:pw@lower:1',
    no_proxy: 'a.example.com',
  };
  expect(parseEnvironment(env)).toMatchObject({
    environment: { HTTPS_PROXY: 'http://user:pw@lower:1', NO_PROXY: 'a.example.com' },
  });
});

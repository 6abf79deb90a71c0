import fc from 'fast-check';
import { ENVIRONMENT_VARIABLES, parseEnvironment } from '../../../src/config/environment.js';
import { SECRET_VARIABLES } from '../../../src/config/secret-files.js';
import { editDistance, unknownVariables } from '../../../src/config/unknown-variables.js';

const unknown = (name: string, ignored: string[] = []) =>
  unknownVariables([name], ENVIRONMENT_VARIABLES, ignored);

test.each([
  ['ZOOM_WEBHOOK_SECRET', 'ZOOM_WEBHOOK_SECRET_TOKEN'],
  ['ZOOM_USER_MANAGED_CLIENT_SECRETS', 'ZOOM_USER_MANAGED_CLIENT_SECRET'],
  ['MONGODB_URL', 'MONGODB_URI'],
  ['MONGO_URI', 'MONGODB_URI'],
  ['TRUSTED_PROXY', 'TRUST_PROXY'],
  ['CORS_ORIGIN', 'CORS_ORIGINS'],
  ['AUTH_JWT_AUDIENCES', 'AUTH_JWT_AUDIENCE'],
  ['EVENTS_WEBHOOK_SECRET', 'EVENTS_WEBHOOK_SECRETS'],
  ['TOKEN_ENCRYPTION_KEY', 'TOKEN_ENCRYPTION_KEYS'],
  ['LOG_LEVELS', 'LOG_LEVEL'],
  ['NODE_ENVS', 'NODE_ENV'],
  ['GOOGLE_MEET_CLIENT_MAIL', 'GOOGLE_MEET_CLIENT_EMAIL'],
  ['zoom_redirect_uri', 'ZOOM_REDIRECT_URI'],
  ['AUTH_UNLIKE_ANYTHING_THAT_THERE_IS', undefined],
])('%s is named; the nearest variable is %s', (name, nearest) => {
  expect(unknown(name)).toEqual([{ name, nearest }]);
});

test.each([
  ...[
    'PATH',
    'HOME',
    'HOSTNAME',
    'NODE_OPTIONS',
    'NODE_EXTRA_CA_CERTS',
    'NODE_VERSION',
    'GOOGLE_APPLICATION_CREDENTIALS',
  ],
  ...[
    'LOG_FORMAT',
    'ALL_PROXY',
    'ftp_proxy',
    'https_proxy',
    'HTTP_PROXY',
    'npm_config_loglevel',
    'TZ',
    'PWD',
  ],
  // A service of Kubernetes or Docker that is named zoom, auth or mongodb.
  ...[
    'ZOOM_SERVICE_HOST',
    'ZOOM_GRANT_SERVER_SERVICE_PORT',
    'ZOOM_SERVICE_PORT_HTTP',
    'AUTH_PORT',
    'MONGODB_PORT',
  ],
  ...['MONGODB_PORT_27017_TCP', 'MONGODB_PORT_27017_TCP_ADDR', 'EVENTS_PORT_80_TCP_PROTO', 'ZOOM_ENV_DEBUG'],
])('%s is left to other software', (name) => {
  expect(unknown(name)).toEqual([]);
});

test('no known variable is unknown', () => {
  expect(unknownVariables(ENVIRONMENT_VARIABLES, ENVIRONMENT_VARIABLES, [])).toEqual([]);
});

test('one wrong letter in any variable of nine letters or more is noticed, and the variable found', () => {
  const names = ENVIRONMENT_VARIABLES.filter((name) => name.length > 8 && !/^(HTTPS?|NO)_PROXY$/.test(name));
  fc.assert(
    fc.property(
      fc.constantFrom(...names),
      fc.nat(),
      fc.constantFrom('Q', 'X', 'Y', '_'),
      (name, at, letter) => {
        const place = at % name.length;
        const wrong = name.slice(0, place) + letter + name.slice(place + 1);
        fc.pre(!ENVIRONMENT_VARIABLES.includes(wrong));
        const [found] = unknown(wrong);
        expect(found?.name).toBe(wrong);
        expect(editDistance(wrong, found?.nearest ?? '')).toBeLessThanOrEqual(1);
      },
    ),
  );
});

test('production refuses a misspelt variable; elsewhere it is a warning', () => {
  const expected = expect.stringMatching(
    /^ZOOM_WEBHOOK_SECRET: .* did you mean ZOOM_WEBHOOK_SECRET_TOKEN\?.*IGNORED_VARIABLES/,
  ) as string;
  expect(parseEnvironment({ ZOOM_WEBHOOK_SECRET: 'x' })).toMatchObject({ ok: true, warnings: [expected] });
  const production = parseEnvironment({ NODE_ENV: 'production', ZOOM_WEBHOOK_SECRET: 'x' });
  expect(production).toMatchObject({ ok: false, problems: expect.arrayContaining([expected]) as string[] });
});

test('a variable that is named in IGNORED_VARIABLES is left alone', () => {
  const env = { ZOOM_ROOM_NAME: 'x', ZOOM_OTHER: 'y', IGNORED_VARIABLES: 'ZOOM_ROOM_NAME, ZOOM_OTHER' };
  expect(parseEnvironment(env)).toMatchObject({ ok: true, warnings: [] });
});

test('the names of files with secrets are known', () => {
  for (const name of SECRET_VARIABLES) expect(ENVIRONMENT_VARIABLES).toContain(name);
  expect(parseEnvironment({ AUTH_JWT_SECRET_FILE: '/x' }, () => 'x'.repeat(32))).toMatchObject({
    warnings: [],
  });
});

import { randomBytes } from 'node:crypto';
import { parseConfig } from '../../../src/config/config.js';
import { parseEnvironment } from '../../../src/config/environment.js';
import { readSecretFiles, SECRET_VARIABLES } from '../../../src/config/secret-files.js';

const FILE = '/run/secrets/of-this-test';
const reading = (content: string) => (path: string) => {
  if (path !== FILE) throw Object.assign(new Error(`no such file: ${path}`), { code: 'ENOENT' });
  return content;
};

test.each(SECRET_VARIABLES)(
  '%s_FILE gives the content of the file, without the line breaks at its end',
  (name) => {
    expect(readSecretFiles({ [`${name}_FILE`]: FILE }, reading(' the secret\r\n\n'))).toEqual({
      variables: { [`${name}_FILE`]: FILE, [name]: ' the secret' },
      problems: [],
      unread: [],
    });
  },
);

test.each(SECRET_VARIABLES)('%s and its file beside each other are refused', (name) => {
  const both = { [name]: 'value', [`${name}_FILE`]: FILE };
  expect(readSecretFiles(both, reading('x')).problems).toEqual([
    [`${name}_FILE`, `is set beside ${name}; set only one of them`],
  ]);
});

test('a file that is missing or empty is one problem, and its path is not quoted', () => {
  const missing = parseEnvironment({ NODE_ENV: 'production', MONGODB_URI_FILE: '/nowhere' }, reading(''));
  expect(missing).toMatchObject({ ok: false });
  const { problems } = missing as { problems: string[] };
  expect(problems.filter((problem) => problem.startsWith('MONGODB_URI'))).toEqual([
    'MONGODB_URI_FILE: names a file that cannot be read (ENOENT)',
  ]);
  const empty = parseEnvironment({ AUTH_JWT_SECRET_FILE: FILE }, reading('\n'));
  expect(empty).toEqual({ ok: false, problems: ['AUTH_JWT_SECRET_FILE: names a file that is empty'] });
});

test('a secret from a file obeys the rule of its variable, and is not quoted', () => {
  const result = parseEnvironment({ AUTH_JWT_SECRET_FILE: FILE }, reading('too-short'));
  expect(result).toEqual({
    ok: false,
    problems: [expect.stringMatching(/^AUTH_JWT_SECRET: must have at least 32 bytes/)],
  });
});

test('a file may hold several secrets, one a line', () => {
  const secrets = [randomBytes(32).toString('hex'), randomBytes(32).toString('hex')];
  const { authentication } = parseConfig({ AUTH_JWT_SECRET_FILE: FILE }, reading(`${secrets.join('\n')}\n`));
  const read = authentication?.sources.map((source) => source.kind === 'secret' && source.secret.reveal());
  expect(read).toEqual(secrets);
});

import { recordingLogger } from '../../support/recording-logger.js';

const callback = {
  method: 'GET',
  url: '/api/zoom/oauth/user-callback?code=the-code&state=the-state',
  ip: '192.0.2.7',
  headers: { authorization: 'Bearer the-jwt', cookie: 'zoom_auth=the-cookie' },
};

test('a request is logged with its method, path and address only', () => {
  const { logger, lines, text } = recordingLogger();
  logger.info({ req: callback }, 'request');
  expect(lines[0]?.['req']).toEqual({
    method: 'GET',
    path: '/api/zoom/oauth/user-callback',
    remoteAddress: '192.0.2.7',
  });
  expect(text()).not.toMatch(/the-(code|state|jwt|cookie)/);
});

test.each<[string, object]>([
  ['a header at the top', { authorization: 'Bearer the-jwt', cookie: 'a=the-cookie' }],
  ['a header one level down', { options: { authorization: 'Bearer the-jwt', cookie: 'a=the-cookie' } }],
  ['headers of any name', { answer: { headers: { 'set-cookie': 'a=the-cookie', 'x-token': 'the-jwt' } } }],
])('%s is redacted', (_where, line) => {
  const { logger, text } = recordingLogger();
  logger.info(line, 'something');
  expect(text()).toContain('[redacted]');
  expect(text()).not.toMatch(/the-(jwt|cookie)/);
});

test('an error is logged with type, message, code and stack, and so are its causes', () => {
  const { logger, lines } = recordingLogger();
  const cause = Object.assign(new TypeError('inner'), { code: 'ECONNRESET' });
  logger.error({ err: new Error('outer', { cause }) }, 'failed');
  expect(lines[0]?.['err']).toEqual({
    type: 'Error',
    message: expect.stringContaining('outer'),
    stack: expect.any(String),
    cause: { type: 'TypeError', message: 'inner', stack: expect.any(String), code: 'ECONNRESET' },
  });
});

test('other properties that a library adds to an error are not logged', () => {
  const { logger, text } = recordingLogger();
  const attached = {
    response: { body: 'the-token' },
    config: { data: 'the-token' },
    cause: { body: 'the-token' },
  };
  logger.error({ err: Object.assign(new Error('failed'), attached) }, 'failed');
  logger.error(
    { error: new Error('outer', { cause: Object.assign(new Error('inner'), attached) }) },
    'failed',
  );
  logger.error({ err: { token: 'the-token' } }, 'thrown, but no error');
  expect(text()).not.toContain('the-token');
});

test('the level is written as a word and the time as ISO 8601', () => {
  const { logger, lines } = recordingLogger();
  logger.warn('careful');
  expect(lines[0]).toMatchObject({ level: 'warn', msg: 'careful' });
  expect(lines[0]?.['time']).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
});

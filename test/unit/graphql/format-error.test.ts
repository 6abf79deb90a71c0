import { GraphQLError } from 'graphql';
import { AppError, type ErrorCode, ERROR_CODES } from '../../../src/lib/errors.js';
import { createSchema } from '../../../src/graphql/schema.js';
import { createFormatError } from '../../../src/graphql/format-error.js';
import { recordingLogger } from '../../support/recording-logger.js';

/** What a client gets for an error that a resolver at `zoomProfile` threw. */
function format(thrown: Error, code = 'INTERNAL_SERVER_ERROR') {
  const log = recordingLogger();
  const error = new GraphQLError(thrown.message, { path: ['zoomProfile'], originalError: thrown });
  const formatted = {
    message: thrown.message,
    path: ['zoomProfile'],
    extensions: { code, stacktrace: ['at secret.ts'], ...(thrown as { extensions?: object }).extensions },
  };
  return { answer: createFormatError(log.logger, createSchema())(formatted, error), log };
}

test.each(Object.keys(ERROR_CODES) as ErrorCode[])('%s leaves with its message and its code', (code) => {
  const { answer, log } = format(new AppError(code));
  expect(answer).toEqual({
    message: ERROR_CODES[code],
    path: ['zoomProfile'],
    extensions: { code },
  });
  expect(log.lines).toEqual([]);
});

test('details leave, the cause does not', () => {
  const { answer } = format(
    new AppError('ZOOM_RATE_LIMITED', {
      retryAt: new Date('2026-01-15T12:00:00Z'),
      missingScopes: undefined,
      zoomTrackingId: 'WEB_1',
      cause: new Error('the body of the answer'),
    }),
  );
  expect(answer.extensions).toEqual({
    code: 'ZOOM_RATE_LIMITED',
    retryAt: '2026-01-15T12:00:00.000Z',
    zoomTrackingId: 'WEB_1',
  });
});

test.each([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'BAD_USER_INPUT',
  'BAD_REQUEST',
])("Apollo's %s is BAD_USER_INPUT", (code) => {
  const { answer } = format(new Error('Cannot query field "x"'), code);
  expect(answer).toMatchObject({ message: 'Cannot query field "x"', extensions: { code: 'BAD_USER_INPUT' } });
  expect(Object.keys(answer.extensions ?? {})).toEqual(['code']);
});

test.each(['PERSISTED_QUERY_NOT_FOUND', 'PERSISTED_QUERY_NOT_SUPPORTED'])(
  '%s stays what clients act on',
  (code) => {
    expect(format(new Error('PersistedQueryNotFound'), code).answer).toEqual({
      message: 'PersistedQueryNotFound',
      extensions: { code },
    });
  },
);

test('anything else leaves as an id, and is in the log under that id', () => {
  const { answer, log } = format(new Error('mongodb://user:password@host is down'));
  expect(JSON.stringify(answer)).not.toMatch(/mongodb|secret\.ts/);
  expect(answer).toMatchObject({
    message: 'Something went wrong on our side.',
    path: ['zoomProfile'],
    extensions: { code: 'INTERNAL_SERVER_ERROR', errorId: expect.stringMatching(/^[0-9a-f-]{36}$/) },
  });
  expect(log.lines).toEqual([
    expect.objectContaining({
      level: 'error',
      errorId: answer.extensions?.['errorId'],
      err: expect.objectContaining({ message: 'mongodb://user:password@host is down' }),
    }),
  ]);
});

test('an error that only calls itself by one of our codes is masked', () => {
  const impostor = Object.assign(new Error('a token'), {
    code: 'ZOOM_NOT_FOUND',
    details: { reason: 'a token' },
  });
  expect(JSON.stringify(format(impostor).answer)).not.toContain('a token');
});

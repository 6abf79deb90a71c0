import { jest } from '@jest/globals';
import { z } from 'zod';
import { AppError, type ErrorCode } from '../../../../src/lib/errors.js';
import { appAccess } from '../../../../src/zoom/api/app-access.js';
import { type ZoomCall } from '../../../../src/zoom/api/zoom-access.js';
import { countedTokens, zoomAnswering } from '../../../support/zoom-answering.js';

const CALL: ZoomCall<{ id: string }> = {
  method: 'GET',
  path: '/users/me',
  scopes: ['user:read:user'],
  schema: z.object({ id: z.string() }),
};
const refused = () => Response.json({ code: 124, message: 'Invalid access token.' }, { status: 401 });
const tokenOf = ({ headers }: RequestInit) => new Headers(headers).get('authorization');
const codeOf = (call: Promise<unknown>): Promise<ErrorCode | undefined> =>
  call.then(
    () => undefined,
    (error: unknown) => (error instanceof AppError ? error.code : undefined),
  );

/** Access whose first so many tokens Zoom refuses, and the tokens that were sent. */
function refusingFirst(count: number, maxTokenRejections: number) {
  const source = countedTokens();
  const sent: (string | null)[] = [];
  const answer = (_url: URL, init: RequestInit) =>
    sent.push(tokenOf(init)) > count ? Response.json({ id: 'x' }) : refused();
  const { zoom } = zoomAnswering(answer, { tokens: source.tokens, maxTokenRejections });
  return { zoom, sent, ...source };
}

test('a call that succeeds notes the use of its token', async () => {
  const { zoom, sent, rejected, uses } = refusingFirst(0, 2);
  expect(await zoom.call(CALL)).toEqual({ id: 'x' });
  expect([sent, rejected, uses()]).toEqual([['Bearer token-1'], [], 1]);
});

test.each([1, 2])('after %i refused tokens the call succeeds with the next one', async (count) => {
  const { zoom, sent, rejected, uses } = refusingFirst(count, 2);
  expect(await zoom.call(CALL)).toEqual({ id: 'x' });
  expect(sent).toHaveLength(count + 1);
  expect(sent.at(-1)).toBe(`Bearer token-${count + 1}`);
  expect(rejected).toEqual([1, 2].slice(0, count));
  expect(uses()).toBe(1);
});

test.each([1, 2])('of a source that replaces %i tokens a call asks for no more', async (max) => {
  const { zoom, sent, uses } = refusingFirst(5, max);
  expect(await codeOf(zoom.call(CALL))).toBe('ZOOM_REFUSED');
  expect(sent).toHaveLength(max + 1);
  expect(uses()).toBe(0);
});

test.each([
  ['without a code', JSON.stringify({ message: 'Unauthorized' }), 'ZOOM_REFUSED'],
  ['with 4700 and no scopes', JSON.stringify({ code: 4700, message: 'no' }), 'ZOOM_REFUSED'],
  ['in HTML', '<html>', 'ZOOM_REFUSED'],
  ['about the user', JSON.stringify({ code: 1001, message: 'no' }), 'ZOOM_NOT_FOUND'],
])('a 401 %s gets one other token, and then is taken at its word', async (_what, body, code) => {
  const source = countedTokens();
  const { zoom } = zoomAnswering(() => new Response(body, { status: 401 }), { tokens: source.tokens });
  expect(await codeOf(zoom.call(CALL))).toBe(code);
  expect(source.rejected).toEqual([1]);
});

test.each([
  ['GET', {}],
  ['POST', { outcomeUnknown: true }],
] as const)('a %s that is answered without what is needed is ZOOM_UNAVAILABLE', async (method, details) => {
  for (const body of ['', '{}', '[]', '{"id":null}', 'null']) {
    const { zoom } = zoomAnswering(() => new Response(body));
    const error = await zoom.call({ ...CALL, method }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'ZOOM_UNAVAILABLE' });
    expect((error as AppError).details.outcomeUnknown).toBe('outcomeUnknown' in details ? true : undefined);
  }
});

test('an odd field of an answer is converted, and reported by its name alone', async () => {
  const { zoom, oddities } = zoomAnswering(() => Response.json({ id: 5 }));
  expect(await zoom.call({ ...CALL, path: '/meetings/85512345678/recordings' })).toEqual({ id: '5' });
  expect(oddities).toEqual([{ answer: 'GET /meetings/{id}/recordings', field: 'id' }]);
});

test('an error under a status of success is an error', async () => {
  const { zoom } = zoomAnswering(() => Response.json({ code: 200, message: 'No permission.' }));
  expect(await codeOf(zoom.call(CALL))).toBe('ZOOM_PLAN_REQUIRED');
});

test('a call whose token lacks a scope is not sent, and names the scope', async () => {
  const answer = jest.fn(() => Response.json({ id: 'x' }));
  const { zoom } = zoomAnswering(answer, { tokens: countedTokens(['meeting:read:meeting']).tokens });
  await expect(zoom.call(CALL)).rejects.toMatchObject({
    code: 'ZOOM_SCOPE_MISSING',
    details: { missingScopes: ['user:read:user'] },
  });
  expect(answer).not.toHaveBeenCalled();
});

test("the log names the failure, and holds nothing of Zoom's message", async () => {
  const message = 'jane@example.com is not valid';
  const body = { code: 300, message };
  const { zoom, log } = zoomAnswering(() => Response.json(body, { status: 400 }));
  expect(await codeOf(zoom.call(CALL))).toBe('BAD_USER_INPUT');
  expect(log.lines).toMatchObject([{ level: 'warn', failure: 'invalid_request', path: '/users/me' }]);
  expect(log.text()).not.toContain('jane');
});

describe('the app', () => {
  /** The app whose host is `host@example.com`, at a Zoom that answers like this. */
  function app(status: number, body: unknown, scopes?: string[]) {
    const { api, log } = zoomAnswering(() => Response.json(body, { status }));
    const { tokens } = countedTokens(scopes);
    const { logger } = log;
    const onOddity = () => undefined;
    return { access: appAccess({ api, tokens, hostUser: 'host@example.com', onOddity, logger }), log };
  }
  const HOST = '/users/host%40example.com';

  test.each<[string, string, number, unknown, string[] | undefined]>([
    ['an unknown host', `${HOST}/meetings`, 404, { code: 1001, message: 'no' }, undefined],
    ['a host that is not on the account', `${HOST}/meetings`, 400, { code: 1010, message: 'no' }, undefined],
    ['a token that Zoom refuses again', '/meetings/1', 401, { code: 124, message: 'no' }, undefined],
    ['a scope that Zoom misses', '/meetings/1', 400, { code: 4711, message: 'no' }, undefined],
    ['a scope that the token lacks', '/meetings/1', 200, {}, ['meeting:read:meeting']],
    ['a plan that does not allow it', '/meetings/1', 400, { code: 200, message: 'no' }, undefined],
  ])('%s is for the operator to fix', async (_what, path, status, body, scopes) => {
    const { access, log } = app(status, body, scopes);
    const { code: zoomCode } = body as { code?: number };
    await expect(access.call({ ...CALL, path })).rejects.toMatchObject({
      code: 'ZOOM_APP_MISCONFIGURED',
      details: { zoomCode },
    });
    expect(log.lines).toMatchObject([{ level: 'fatal' }]);
  });

  test.each<[string, number, unknown, ErrorCode]>([
    ['a meeting that does not exist', 404, { code: 3001, message: 'no' }, 'ZOOM_NOT_FOUND'],
    ['a meeting of another account', 400, { code: 1010, message: 'no' }, 'ZOOM_NOT_ALLOWED'],
    ['a meeting in progress', 400, { code: 3002, message: 'no' }, 'ZOOM_CONFLICT'],
    ['values that Zoom refuses', 400, { code: 300, message: 'no' }, 'BAD_USER_INPUT'],
  ])('%s is not', async (_what, status, body, code) => {
    const { access } = app(status, body);
    expect(access.userPath).toBe(HOST);
    expect(await codeOf(access.call({ ...CALL, path: '/meetings/1' }))).toBe(code);
  });
});

import { startSandbox, type Sandbox } from '../../../src/dev/sandbox/sandbox.js';
import { api, connect, create, REDIRECT_URI, refresh, type Json } from './client.js';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ app: { redirectUris: [REDIRECT_URI] } });
});
beforeEach(() => sandbox.control.reset());
afterAll(() => sandbox.close());

const listed = async (access: string) =>
  (await api(sandbox, '/v2/users/me/meetings?page_size=1', access)).json.total_records as number;

describe('a prepared answer', () => {
  it('sends text byte by byte, with the given type and headers, and does no work', async () => {
    const { access } = await connect(sandbox);
    const before = await listed(access);
    const body = '{"id":8600, "cut';
    sandbox.control.injectFault({
      target: 'api',
      kind: 'answer',
      status: 418,
      contentType: 'application/vnd.odd',
      headers: { 'x-odd': '1' },
      body,
    });
    const answer = await create(sandbox, access);
    expect(answer).toMatchObject({ status: 418, text: body });
    expect(answer.headers.get('content-type')).toBe('application/vnd.odd');
    expect(answer.headers.get('x-odd')).toBe('1');
    expect(await listed(access)).toBe(before);
  });

  it.each([
    [{ a: 1 }, undefined, 'application/json; charset=utf-8', '{"a":1}'],
    [null, undefined, 'application/json; charset=utf-8', 'null'],
    ['text', undefined, 'text/plain; charset=utf-8', 'text'],
    [{ a: 1 }, null, null, '{"a":1}'],
    [undefined, undefined, null, ''],
  ])('with the body %j and the type %j has the type %j', async (body, contentType, type, text) => {
    const { access } = await connect(sandbox);
    const odd = contentType === undefined ? {} : { contentType };
    sandbox.control.injectFault({ target: 'api', kind: 'answer', body, ...odd });
    const answer = await api(sandbox, '/v2/users/me', access);
    expect(answer.text).toBe(text);
    expect(answer.headers.get('content-type')).toBe(type);
  });

  it.each([
    [{ status: 500, body: 'down' }, 500, 'down'],
    [{ status: 204 }, 204, ''],
    [{ body: '' }, 201, ''],
  ])('%j can come after the work: the meeting exists', async (answer, status, text) => {
    const { access } = await connect(sandbox);
    const before = await listed(access);
    sandbox.control.injectFault({ target: 'api', kind: 'answer', work: 'done', ...answer });
    expect(await create(sandbox, access)).toMatchObject({ status, text });
    expect(await listed(access)).toBe(before + 1);
  });

  it('merges members into the real answer', async () => {
    const { access } = await connect(sandbox);
    const merge = { duration: '60', settings: [], agenda: null };
    sandbox.control.injectFault({ target: 'api', kind: 'answer', merge, drop: ['start_url', 'no.such'] });
    const { status, json } = await create(sandbox, access);
    expect(status).toBe(201);
    expect(json).toMatchObject({ id: expect.any(Number), topic: 'Talk', ...merge });
    expect(json).not.toHaveProperty('start_url');
    expect((await api(sandbox, `/v2/meetings/${json.id}`, access)).json).toMatchObject({ duration: 60 });
  });

  it('changes and drops members of every item of a list', async () => {
    const { access } = await connect(sandbox);
    sandbox.control.injectFault({
      target: 'api',
      kind: 'answer',
      merge: { meetings: { '*': { type: '2' }, 0: { id: null } } },
      drop: ['meetings.*.start_time', 'meetings.2', 'total_records'],
    });
    const { json } = await api(sandbox, '/v2/users/me/meetings?page_size=3', access);
    expect(json.meetings).toHaveLength(2);
    expect(json.meetings[0].id).toBeNull();
    expect(json.meetings.map((meeting: Json) => [meeting.type, meeting.start_time])).toEqual([
      ['2', undefined],
      ['2', undefined],
    ]);
    expect(json).not.toHaveProperty('total_records');
  });

  it('keeps the good tokens of a rotation beside an odd member', async () => {
    const first = await connect(sandbox);
    sandbox.control.injectFault({ target: 'refresh', kind: 'answer', status: 201, merge: { scope: null } });
    const { status, json } = await refresh(sandbox, first.refresh);
    expect([status, json.scope, json.expires_in]).toEqual([201, null, 3599]);
    expect(sandbox.control.isRefreshTokenLive(first.refresh)).toBe(false);
    expect((await refresh(sandbox, json.refresh_token)).status).toBe(200);
  });

  it('meets the requests with its method and its path only', async () => {
    const { access } = await connect(sandbox);
    const path = '/v2/users/me/meetings';
    sandbox.control.injectFault({ target: 'api', kind: 'answer', status: 400, method: 'POST', path });
    expect((await api(sandbox, path, access)).status).toBe(200);
    expect((await create(sandbox, access)).status).toBe(400);
    expect((await create(sandbox, access)).status).toBe(201);
  });
});

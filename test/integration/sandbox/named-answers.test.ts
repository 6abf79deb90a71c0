import { connectControl } from '../../../src/dev/sandbox/control/remote-control.js';
import { NAMED_ANSWERS } from '../../../src/dev/sandbox/http/named-answers.js';
import { startSandbox, type Sandbox } from '../../../src/dev/sandbox/sandbox.js';
import { api, basic, connect, create, exchange, obtainCode, post, REDIRECT_URI } from './client.js';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ app: { redirectUris: [REDIRECT_URI] } });
});
beforeEach(() => sandbox.control.reset());
afterAll(() => sandbox.close());

const listed = async (access: string) =>
  (await api(sandbox, '/v2/users/me/meetings?page_size=1', access)).json.total_records as number;
const pathBelow = (prefix: string) =>
  ({ '/v2/users/': '/v2/users/me/meetings', '/v2/meetings/': '/v2/meetings/86000000001' })[prefix] ?? prefix;
const answersThat = (test: (name: string, answer: (typeof NAMED_ANSWERS)[string]) => boolean) =>
  Object.entries(NAMED_ANSWERS).filter(([name, answer]) => test(name, answer));

describe('a named answer', () => {
  it.each(answersThat((_name, { merge, drop, work }) => !merge && !drop && !work))(
    '%s is sent as the table has it',
    async (
      name,
      { target, method = 'GET', path = '/v2/users/me', status, body = '', contentType, headers },
    ) => {
      const paths = { api: pathBelow(path), revoke: '/oauth/revoke' };
      const url = target === 'api' || target === 'revoke' ? paths[target] : '/oauth/token';
      const grantType = target === 'exchange' ? 'authorization_code' : 'refresh_token';
      const form = { method: 'POST', body: new URLSearchParams({ grant_type: grantType }) };
      const isForm = target !== 'api';
      sandbox.control.answer(name);
      const response = await fetch(`${sandbox.url}${url}`, isForm ? form : { method });
      expect(response.status).toBe(status);
      expect(await response.text()).toBe(typeof body === 'string' ? body : JSON.stringify(body));
      if (contentType) expect(response.headers.get('content-type')).toBe(contentType);
      expect(response.headers.get('retry-after')).toBe(headers?.['retry-after'] ?? null);
    },
  );

  it.each(answersThat((name) => name.startsWith('tokens_')))(
    '%s contains tokens that work',
    async (name, answer) => {
      const code = await obtainCode(sandbox);
      sandbox.control.answer(name);
      const { status, text } = await exchange(sandbox, code);
      const json = JSON.parse(text);
      expect(status).toBe(answer.status ?? 200);
      expect(json).toMatchObject(answer.merge ?? {});
      for (const member of answer.drop ?? []) expect(json).not.toHaveProperty(member);
      expect((await api(sandbox, '/v2/users/me', json.access_token)).status).toBe(200);
    },
  );

  it.each(answersThat((name) => name.startsWith('created_')))(
    '%s is the answer to a creation that was made',
    async (name, answer) => {
      const { access } = await connect(sandbox);
      const before = await listed(access);
      sandbox.control.answer(name);
      const { status, json } = await create(sandbox, access);
      expect(status).toBe(answer.status ?? 201);
      expect(json).toMatchObject({ id: expect.any(Number), ...answer.merge });
      expect(await listed(access)).toBe(before + 1);
    },
  );

  it.each([
    ['list_odd_envelope', '/v2/users/me/meetings', { next_page_token: null, total_records: '1' }],
    ['list_null', '/v2/users/me/meetings', { meetings: null }],
    ['profile_odd', '/v2/users/me', { id: 1, type: '2', status: 'active' }],
    ['profile_without_id', '/v2/users/me', { type: 2, status: 'active' }],
  ])('%s changes the answer of %s', async (name, path, expected) => {
    const { access } = await connect(sandbox);
    sandbox.control.answer(name);
    expect((await api(sandbox, path, access)).json).toMatchObject(expected);
  });

  it('changes one item, or the files of all recordings', async () => {
    const { access } = await connect(sandbox);
    const first = async (path: string) => (await api(sandbox, path, access)).json.meetings[0];
    sandbox.control.answer('list_odd_item');
    expect(await first('/v2/users/me/meetings')).toMatchObject({ topic: 5, duration: '60', start_time: '' });
    sandbox.control.answer('list_item_without_id');
    expect(await first('/v2/users/me/meetings')).toMatchObject({ id: null, duration: 60 });
    sandbox.control.answer('recordings_odd_sizes');
    const day = new Date(Date.parse(sandbox.control.now()) - 10 * 86_400_000).toISOString().slice(0, 10);
    const recording = await first(`/v2/users/me/recordings?from=${day}`);
    expect(recording).toMatchObject({
      total_size: '1',
      recording_files: [{ file_size: '386951' }, {}, {}, {}],
    });
  });

  it.each(['meeting_of_year_one', 'meeting_odd_after_change'])(
    '%s changes a meeting that is read',
    async (name) => {
      const { access } = await connect(sandbox);
      const { id } = (await create(sandbox, access)).json;
      sandbox.control.answer(name);
      const { json } = await api(sandbox, `/v2/meetings/${id}`, access);
      expect(json).toMatchObject({ id, ...NAMED_ANSWERS[name]?.merge });
    },
  );

  it.each(['empty_200', 'empty_204', 'revoke_empty', 'revoke_204'])(
    '%s comes after the work',
    async (name) => {
      const { access } = await connect(sandbox);
      const before = await listed(access);
      sandbox.control.answer(name);
      const isRevocation = name.startsWith('revoke');
      const answer = isRevocation
        ? await post(`${sandbox.url}/oauth/revoke`, { token: access }, basic())
        : await create(sandbox, access);
      expect(answer).toMatchObject({ status: name.endsWith('204') ? 204 : 200, text: '' });
      if (isRevocation) expect(sandbox.control.isAccessTokenLive(access)).toBe(false);
      else expect(await listed(access)).toBe(before + 1);
    },
  );

  it('can be played for other requests, several times, and after the work', async () => {
    const { access } = await connect(sandbox);
    sandbox.control.answer('conflict', { method: 'POST', times: 2, work: 'done' });
    const before = await listed(access);
    expect(
      [await create(sandbox, access), await create(sandbox, access)].map(({ status }) => status),
    ).toEqual([409, 409]);
    expect(await listed(access)).toBe(before + 2);
    sandbox.control.injectFault({ target: 'revoke', kind: 'named', name: 'bad_token_text_code' });
    const answer = await post(`${sandbox.url}/oauth/revoke`, { token: access }, basic());
    expect(answer).toMatchObject({ status: 401, json: { code: '124' } });
  });

  it('can be listed and played over HTTP', async () => {
    const remote = connectControl(sandbox.url);
    const list = await remote.namedAnswers();
    expect(list).toContainEqual({
      name: 'meeting_in_progress',
      about: 'a meeting in progress cannot be deleted',
      source: 'indico-plugins PR 97',
      target: 'api',
      status: 400,
    });
    expect(list).toHaveLength(Object.keys(NAMED_ANSWERS).length);
    const { access } = await connect(sandbox);
    await remote.answer('scope_missing_4711_401');
    expect((await api(sandbox, '/v2/users/me', access)).json.code).toBe(4711);
    await expect(remote.answer('no_such_answer')).rejects.toThrow('no answer with the name "no_such_answer"');
    await expect(remote.answer('toString')).rejects.toThrow('no answer');
  });
});

import { startSandbox, type Sandbox } from '../../../src/dev/sandbox/sandbox.js';
import {
  api,
  authorizeUrl,
  connect,
  create,
  exchange,
  obtainCode,
  read,
  REDIRECT_URI,
  send,
} from './client.js';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ app: { redirectUris: [REDIRECT_URI] } });
});
beforeEach(() => sandbox.control.reset());
afterAll(() => sandbox.close());

/** One call of each kind, as `GET /path`. */
async function call(access: string, request: string) {
  const [method = '', path = ''] = request.split(' ');
  if (method === 'GET') return api(sandbox, path, access);
  return send(sandbox, method, path, access, {});
}
const CALLS = [
  'GET /v2/users/me',
  'GET /v2/users/me/settings',
  'GET /v2/users/me/zak',
  'GET /v2/users/me/token?type=zak',
  'GET /v2/users/me/meetings',
  'GET /v2/meetings/86000000001',
  'POST /v2/users/me/meetings',
  'PATCH /v2/meetings/86000000001',
  'DELETE /v2/meetings/86000000001',
  'GET /v2/users/me/recordings',
  'GET /v2/meetings/86000000001/recordings',
];

describe('scopes in the authorization request', () => {
  it.each([
    ['scope', ' '],
    ['scope', '+'],
    ['scope', ', '],
    ['scope', '\n'],
    ['optional_scope', ' '],
  ])('in %s that are separated by %j get the error page 4,700 and no redirect', async (name, separator) => {
    const list = ['user:read:user', 'meeting:read:list_meetings'].join(separator);
    const answer = await read(await fetch(authorizeUrl(sandbox, { [name]: list }), { redirect: 'manual' }));
    expect(answer).toMatchObject({ status: 400, text: expect.stringContaining('(4,700)') });
    expect(answer.headers.has('location')).toBe(false);
  });
});

describe('an app with classic scopes', () => {
  const grant = async (...scopes: string[]) => {
    sandbox.control.updateApp({ scopes });
    return connect(sandbox);
  };

  it('gets them in the token answer', async () => {
    const scopes = ['user:read', 'meeting:read', 'meeting:write', 'recording:read', 'user_profile'];
    sandbox.control.updateApp({ scopes });
    expect((await exchange(sandbox, await obtainCode(sandbox))).json.scope).toBe(scopes.join(' '));
  });

  it.each([
    ['user:read', [0, 1, 3]],
    ['user_info:read', [0]],
    ['user_profile', [0]],
    ['user_zak:read', [2]],
    ['meeting:read', [4, 5]],
    ['meeting:write', [6, 7, 8]],
    ['recording:read', [9, 10]],
  ])('may make the calls of %s and no other', async (scope, positions) => {
    const { access } = await grant(scope);
    const answers = await Promise.all(CALLS.map(async (request) => (await call(access, request)).json));
    const refused = answers.map((json) => json?.code === 4700);
    expect(refused).toEqual(CALLS.map((_request, position) => !positions.includes(position)));
  });

  it('is told the classic scopes that it lacks', async () => {
    const { access } = await grant('user:read');
    expect(await create(sandbox, access)).toMatchObject({
      status: 400,
      json: {
        code: 4700,
        message: 'Invalid access token, does not contain scopes:[meeting:write, meeting:write:admin].',
      },
    });
  });
});

describe('a user token with admin scopes', () => {
  it.each(['meeting:read:list_meetings:admin', 'meeting:read:admin'])(
    '%s reaches me and the other users of the account',
    async (scope) => {
      sandbox.control.updateApp({ scopes: [scope] });
      const { access } = await connect(sandbox);
      const free = sandbox.control.users()[1]?.id ?? '';
      const total = async (user: string) =>
        (await api(sandbox, `/v2/users/${user}/meetings`, access)).json.total_records;
      expect(await total('me')).toBe(75);
      expect(await total(free)).toBe(2);
      const { id } = sandbox.control.addUser({ accountId: 'another-account' });
      expect(await api(sandbox, `/v2/users/${id}/meetings`, access)).toMatchObject({ json: { code: 1001 } });
    },
  );
});

import { SANDBOX_CLIENT_ID, startSandbox, type Sandbox } from '../../../src/dev/sandbox/sandbox.js';
import { connectControl } from '../../../src/dev/sandbox/control/remote-control.js';
import { api, authorizeUrl, connect, exchange, read, REDIRECT_URI, refresh } from './client.js';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({
    app: { redirectUris: [REDIRECT_URI] },
    clock: () => new Date('2026-03-01T12:00:00Z'),
  });
});
beforeEach(() => sandbox.control.reset());
afterAll(() => sandbox.close());

async function call(method: string, args: unknown = []) {
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify(args);
  return read(await fetch(`${sandbox.url}/sandbox/control/${method}`, { method: 'POST', headers, body }));
}

describe('control over HTTP', () => {
  it('controls the same sandbox as the object in the process', async () => {
    expect((await call('advanceClock', [60_000])).json).toBeNull();
    expect(sandbox.control.now()).toBe('2026-03-01T12:01:00.000Z');
    expect((await call('now')).json).toBe('2026-03-01T12:01:00.000Z');
    const { json } = await call('addUser', [{ email: 'another.coach@example.com' }]);
    expect(sandbox.control.users()).toContainEqual(json);
  });

  it.each([
    ['nothing', [], 404],
    ['toString', [], 404],
    ['now', {}, 400],
    ['addMeetings', ['nobody', 1], 400],
    ['injectFault', [{ target: 'moon', kind: 'reset' }], 400],
  ])('%s with %j is refused with %i', async (method, args, status) => {
    const answer = await call(method, args);
    expect(answer.status).toBe(status);
    expect(answer.json.error).toEqual(expect.any(String));
  });

  it('refuses plain text, which any web page could post', async () => {
    const response = await fetch(`${sandbox.url}/sandbox/control/reset`, { method: 'POST', body: '[]' });
    expect(response.status).toBe(415);
  });
});

describe('connectControl', () => {
  it('is the control interface in another process', async () => {
    const remote = await Promise.resolve(connectControl(sandbox.url));
    await remote.advanceClock(1000);
    expect(await remote.now()).toBe('2026-03-01T12:00:01.000Z');
    expect(await remote.users()).toEqual(JSON.parse(JSON.stringify(sandbox.control.users())));
    await expect(remote.addMeetings('nobody', 1)).rejects.toThrow('no user nobody');
  });
});

describe('decisions without a browser', () => {
  it('approve leads to the callback with a code and the state', async () => {
    const user = sandbox.control.users()[1]?.id;
    const callback = new URL(sandbox.control.approve(authorizeUrl(sandbox, { state: 's' }), user));
    expect(callback.searchParams.get('state')).toBe('s');
    expect((await exchange(sandbox, callback.searchParams.get('code') ?? '')).status).toBe(200);
    expect(sandbox.control.grants()[0]?.zoomUserId).toBe(user);
    expect(sandbox.control.counters()).toMatchObject({ authorizations: 1, consents: 1 });
  });

  it('decline leads to the callback with an error', () => {
    expect(sandbox.control.decline(authorizeUrl(sandbox, { state: 's' }))).toBe(
      `${REDIRECT_URI}&error=access_denied&state=s`,
    );
  });

  it('refuse what the authorization endpoint refuses', () => {
    expect(() => sandbox.control.approve(authorizeUrl(sandbox, { client_id: 'x' }))).toThrow('(4,702)');
    expect(() => sandbox.control.approve(authorizeUrl(sandbox, { scope: 'x' }))).toThrow('invalid_scope');
    expect(() => sandbox.control.approve(authorizeUrl(sandbox), 'nobody')).toThrow('no active user');
  });
});

describe('what control shows', () => {
  it('grants, without tokens', async () => {
    const { refresh: refreshToken } = await connect(sandbox);
    await refresh(sandbox, refreshToken);
    expect(sandbox.control.grants()).toEqual([
      {
        id: expect.any(String),
        clientId: SANDBOX_CLIENT_ID,
        zoomUserId: sandbox.control.users()[0]?.id,
        email: 'licensed.coach@example.com',
        scopes: expect.arrayContaining(['user:read:user']),
        alive: true,
        authorizedAt: '2026-03-01T12:00:00.000Z',
        accessTokens: 1,
        refreshCount: 1,
      },
    ]);
  });

  it('requests, without queries, bodies and calls to the control interface', async () => {
    const { access } = await connect(sandbox);
    await api(sandbox, '/v2/users/me?secret=1', access);
    await call('now');
    const log = sandbox.control.requests();
    expect(log.at(-1)).toEqual({
      time: '2026-03-01T12:00:00.000Z',
      method: 'GET',
      path: '/v2/users/me',
      status: 200,
      grantId: sandbox.control.grants()[0]?.id,
    });
    expect(JSON.stringify(log)).not.toContain(access);
  });

  it('counters, until they are reset', async () => {
    const { access } = await connect(sandbox);
    await api(sandbox, '/v2/users/me', access);
    await api(sandbox, '/v2/users/me/meetings?page_size=1', access);
    expect(sandbox.control.counters()).toMatchObject({
      authorizations: 1,
      consents: 1,
      apiRequests: 2,
      apiRequestsByPath: { '/v2/users/me': 1, '/v2/users/me/meetings': 1 },
    });
    sandbox.control.resetCounters();
    expect(sandbox.control.counters()).toMatchObject({
      authorizations: 0,
      apiRequests: 0,
      apiRequestsByPath: {},
    });
    expect(sandbox.control.requests()).toEqual([]);
  });
});

it('reset forgets grants, faults, settings and the moved clock, and keeps the port', async () => {
  const { access } = await connect(sandbox);
  sandbox.control.setRotation('grace');
  sandbox.control.injectFault({ target: 'api', kind: 'status', status: 500 });
  await sandbox.control.advanceClock(1000);
  sandbox.control.updateApp({ clientSecret: 'changed' });
  await call('reset');
  expect(sandbox.control.now()).toBe('2026-03-01T12:00:00.000Z');
  expect(sandbox.control.grants()).toEqual([]);
  expect((await api(sandbox, '/v2/users/me', access)).status).toBe(401);
  expect((await connect(sandbox)).access).toBeDefined();
});

it.each(['0.0.0.0', '192.0.2.1', 'example.com', '::'])('refuses to listen on %s', async (host) => {
  await expect(startSandbox({ host })).rejects.toThrow('loopback');
});

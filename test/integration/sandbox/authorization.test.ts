import { startSandbox, type Sandbox } from '../../../src/dev/sandbox/sandbox.js';
import {
  authorizeUrl,
  basic,
  connect,
  decide,
  exchange,
  obtainCode,
  post,
  read,
  REDIRECT_URI,
  refresh,
} from './client.js';

const SCOPES = ['user:read:user', 'meeting:read:list_meetings', 'meeting:write:meeting'];

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ app: { redirectUris: [REDIRECT_URI], scopes: SCOPES } });
});
beforeEach(() => sandbox.control.reset());
afterAll(() => sandbox.close());

const open = async (parameters: Record<string, string> = {}, headers = {}) =>
  read(await fetch(authorizeUrl(sandbox, parameters), { redirect: 'manual', headers }));

describe('the authorization request', () => {
  it('with an unlisted redirect URI gets an HTML error page and no redirect', async () => {
    const answer = await open({ redirect_uri: 'https://attacker.example/<script>' });
    expect(answer.status).toBe(400);
    expect(answer.headers.get('content-type')).toContain('text/html');
    expect(answer.headers.has('location')).toBe(false);
    expect(answer.text).toContain('Invalid redirect');
    expect(answer.text).toContain('(4,700)');
    expect(answer.text).not.toContain('<script>');
  });

  it('of an unknown client gets an HTML error page and no redirect', async () => {
    const answer = await open({ client_id: 'unknown' });
    expect(answer.status).toBe(400);
    expect(answer.headers.has('location')).toBe(false);
    expect(answer.text).toContain('Invalid client_id');
  });

  it.each<[Record<string, string>, string]>([
    [{ response_type: 'token' }, 'unsupported_response_type'],
    [{ scope: 'user:read:user,billing:read:plan' }, 'invalid_scope'],
    [{ code_challenge: 'x', code_challenge_method: 'S512' }, 'invalid_request'],
  ])('%j is returned to the app as an error', async (parameters, error) => {
    const answer = await open({ ...parameters, state: 's' });
    expect(answer.headers.get('location')).toBe(`${REDIRECT_URI}&error=${error}&state=s`);
  });

  it('shows a consent page with the users, the scopes and the sandbox banner', async () => {
    const { status, text } = await open();
    expect(status).toBe(200);
    expect(text).toContain('Sandbox: a local stand-in for Zoom');
    expect(text).toContain('Licensed Coach - licensed.coach@example.com');
    for (const scope of SCOPES) expect(text).toContain(scope);
    expect(text).not.toMatch(/src=|href="http/);
  });
});

describe('the decision', () => {
  it.each(['a b&c=d/é', '{"json":true}', '', 'x'.repeat(2000)])(
    'to allow returns the state %j',
    async (state) => {
      const location = await decide(sandbox, { decision: 'allow' }, { state });
      expect(location.href.startsWith(`${REDIRECT_URI}&code=`)).toBe(true);
      expect(location.searchParams.get('state')).toBe(state);
    },
  );

  it('to allow returns no state if the request had none', async () => {
    const location = await decide(sandbox, { decision: 'allow' });
    expect(location.searchParams.has('state')).toBe(false);
  });

  it('to decline returns access_denied and the state', async () => {
    const location = await decide(sandbox, { decision: 'decline' }, { state: 's' });
    expect(location.search).toBe('?from=zoom&error=access_denied&state=s');
    expect(sandbox.control.counters()).toMatchObject({ authorizations: 1, consents: 0, declines: 1 });
  });

  it('to decline leaves the user at Zoom if declineRedirects is off', async () => {
    sandbox.control.configure({ declineRedirects: false });
    expect((await decide(sandbox, { decision: 'decline' })).href).toBe('about:blank');
  });

  it('is accepted once per page', async () => {
    const page = (await open()).text;
    const form = {
      request: /name="request" value="([^"]+)"/.exec(page)?.[1] ?? '',
      user: sandbox.control.users()[0]?.id ?? '',
      decision: 'allow',
    };
    expect((await post(`${sandbox.url}/oauth/authorize/decision`, form)).status).toBe(302);
    expect((await post(`${sandbox.url}/oauth/authorize/decision`, form)).status).toBe(400);
  });

  it('of a pending user is refused', async () => {
    const pending = sandbox.control.users().find(({ status }) => status === 'pending');
    expect((await decide(sandbox, { decision: 'allow', user: pending?.id ?? '' })).href).toBe('about:blank');
  });

  it('of a user of another account is refused for an unpublished app if ownAccountOnly is on', async () => {
    sandbox.control.configure({ ownAccountOnly: true });
    const { id: user } = sandbox.control.addUser({ accountId: 'another-account' });
    expect((await decide(sandbox, { decision: 'allow', user })).href).toBe('about:blank');
    sandbox.control.updateApp({ published: true });
    expect((await decide(sandbox, { decision: 'allow', user })).searchParams.has('code')).toBe(true);
  });
});

describe('scopes', () => {
  const granted = async (fields: [string, string][], parameters = {}) => {
    const location = await decide(sandbox, [['decision', 'allow'], ...fields], parameters);
    return (await exchange(sandbox, location.searchParams.get('code') ?? '')).json.scope;
  };

  it('are all those of the app if the request names none', async () => {
    expect(await granted([])).toBe(SCOPES.join(' '));
  });

  it('are separated by commas in the request and by spaces in the answer', async () => {
    expect(await granted([], { scope: SCOPES.slice(0, 2).join(',') })).toBe(SCOPES.slice(0, 2).join(' '));
  });

  it('that are optional are granted only if they are ticked', async () => {
    sandbox.control.updateApp({ optionalScopes: SCOPES.slice(1) });
    expect(await granted([['scope', 'meeting:write:meeting']])).toBe('user:read:user meeting:write:meeting');
    expect(await granted([])).toBe('user:read:user');
  });

  it('granted before stay with include_granted_scopes', async () => {
    await granted([], { scope: 'meeting:write:meeting' });
    const both = await granted([], { scope: 'user:read:user', include_granted_scopes: '' });
    expect(both).toBe('user:read:user meeting:write:meeting');
  });

  it('added to the app later are not in older tokens', async () => {
    const { refresh: refreshToken } = await connect(sandbox);
    sandbox.control.updateApp({ scopes: [...SCOPES, 'meeting:read:meeting'] });
    expect((await refresh(sandbox, refreshToken)).json.scope).toBe(SCOPES.join(' '));
  });
});

describe('a returning user', () => {
  it('gets a code without the consent page with autoApprove, until the scopes change', async () => {
    const cookie = { cookie: `zoom_sandbox_user=${sandbox.control.users()[0]?.id ?? ''}` };
    await connect(sandbox);
    expect((await open({ state: 's' }, cookie)).status).toBe(200);
    sandbox.control.configure({ autoApprove: true });
    expect((await open({ state: 's' }, cookie)).headers.get('location')).toContain('&code=');
    sandbox.control.updateApp({ scopes: [...SCOPES, 'meeting:read:meeting'] });
    expect((await open({ state: 's' }, cookie)).status).toBe(200);
  });
});

describe('the Marketplace', () => {
  it('installs with a code and without state', async () => {
    const answer = await post(`${sandbox.url}/marketplace/install`, {
      user: sandbox.control.users()[0]?.id ?? '',
    });
    const location = new URL(answer.headers.get('location') ?? '');
    expect(location.href.startsWith(REDIRECT_URI)).toBe(true);
    expect(location.searchParams.has('state')).toBe(false);
    expect((await exchange(sandbox, location.searchParams.get('code') ?? '')).status).toBe(200);
  });

  it('lists the connected users and removes the app', async () => {
    const { refresh: refreshToken } = await connect(sandbox);
    const user = sandbox.control.users()[0]?.id ?? '';
    expect((await read(await fetch(`${sandbox.url}/marketplace`))).text).toContain(`value="${user}">Remove`);
    expect((await post(`${sandbox.url}/marketplace/remove`, { user })).status).toBe(303);
    expect((await refresh(sandbox, refreshToken)).status).toBe(400);
  });
});

it('the start page says that this is a sandbox', async () => {
  const { text } = await read(await fetch(`${sandbox.url}/`));
  expect(text).toContain('This is a sandbox, not Zoom');
});

it('a changed client secret is needed at once', async () => {
  const code = await obtainCode(sandbox);
  sandbox.control.updateApp({ clientSecret: 'n'.repeat(32) });
  const form = { grant_type: 'authorization_code', code, redirect_uri: REDIRECT_URI };
  expect((await post(`${sandbox.url}/oauth/token`, form, basic())).json.error).toBe('invalid_client');
  const changed = basic(undefined, 'n'.repeat(32));
  expect((await post(`${sandbox.url}/oauth/token`, form, changed)).status).toBe(200);
});

import { startSandbox, type Sandbox } from '../../../src/dev/sandbox/sandbox.js';
import { api, connect, read, REDIRECT_URI } from './client.js';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ app: { redirectUris: [REDIRECT_URI] } });
});
beforeEach(() => sandbox.control.reset());
afterAll(() => sandbox.close());

it('the metadata of RFC 8414 names the endpoints, HTTP Basic and PKCE, and no OpenID Connect', async () => {
  const { json } = await read(await fetch(`${sandbox.url}/.well-known/oauth-authorization-server`));
  expect(json).toEqual({
    issuer: sandbox.url,
    authorization_endpoint: `${sandbox.url}/oauth/authorize`,
    token_endpoint: `${sandbox.url}/oauth/token`,
    revocation_endpoint: `${sandbox.url}/oauth/revoke`,
    response_types_supported: ['code'],
    grant_types_supported: ['authorization_code', 'refresh_token'],
    token_endpoint_auth_methods_supported: ['client_secret_basic'],
    revocation_endpoint_auth_methods_supported: ['client_secret_basic'],
    code_challenge_methods_supported: ['S256', 'plain'],
  });
});

it("the settings are those of the user's plan and of the personal room", async () => {
  const { id } = sandbox.control.addUser({ usePmi: true });
  const settings = async (user: string) => {
    const { access } = await connect(sandbox, user);
    return (await api(sandbox, '/v2/users/me/settings', access)).json;
  };
  expect(await settings(id)).toMatchObject({
    schedule_meeting: { use_pmi_for_scheduled_meetings: true },
    recording: { cloud_recording: true },
  });
  expect(await settings(sandbox.control.users()[1]?.id ?? '')).toMatchObject({
    schedule_meeting: { use_pmi_for_scheduled_meetings: false },
    recording: { cloud_recording: false },
  });
});

describe('tokens for meetings', () => {
  it.each([
    ['/v2/users/me/zak', 'user:read:zak'],
    ['/v2/users/me/token?type=zak', 'user:read:token'],
    ['/v2/users/me/token?type=onbehalf', 'user:read:token'],
  ])('GET %s needs the scope %s', async (path, scope) => {
    const { access } = await connect(sandbox);
    const refused = await api(sandbox, path, access);
    expect(refused).toMatchObject({ status: 400, json: { code: 4711 } });
    expect(refused.json.message).toContain(`[${scope}, ${scope}:admin]`);
    sandbox.control.updateApp({ scopes: [scope] });
    const answer = await api(sandbox, path, (await connect(sandbox)).access);
    expect(answer).toMatchObject({ status: 200, json: { token: expect.stringMatching(/^\S+\.\S+\.\S+$/) } });
  });

  it.each(['', '?type=', '?type=other'])('the type %j is refused', async (query) => {
    sandbox.control.updateApp({ scopes: ['user:read:token'] });
    const { access } = await connect(sandbox);
    expect(await api(sandbox, `/v2/users/me/token${query}`, access)).toMatchObject({
      status: 400,
      json: { code: 300, errors: [{ field: 'type' }] },
    });
  });
});

describe('page_number', () => {
  it('0 is the first page, and counting up to page_count ends at the last one', async () => {
    const { access } = await connect(sandbox);
    const page = async (number: number) =>
      (await api(sandbox, `/v2/users/me/meetings?page_number=${number}`, access)).json;
    const first = await page(0);
    expect(first).toMatchObject({ page_number: 1, page_count: 3 });
    expect(first.meetings).toEqual((await page(1)).meetings);
    expect(await page(3)).toMatchObject({ page_number: 3, next_page_token: '' });
  });

  it.each(['-1', 'x'])('%s is refused', async (number) => {
    const { access } = await connect(sandbox);
    expect((await api(sandbox, `/v2/users/me/meetings?page_number=${number}`, access)).status).toBe(400);
  });
});

import {
  SANDBOX_CLIENT_ID,
  SANDBOX_S2S_ACCOUNT_ID,
  SANDBOX_S2S_CLIENT_ID,
  SANDBOX_S2S_CLIENT_SECRET,
  startSandbox,
  type Sandbox,
} from '../../../src/dev/sandbox/sandbox.js';
import { api, basic, post, REDIRECT_URI, token } from './client.js';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ app: { redirectUris: [REDIRECT_URI] } });
});
beforeEach(() => sandbox.control.reset());
afterAll(() => sandbox.close());

const credentials = basic(SANDBOX_S2S_CLIENT_ID, SANDBOX_S2S_CLIENT_SECRET);
const obtain = (account_id = SANDBOX_S2S_ACCOUNT_ID, headers = credentials) =>
  token(sandbox, { grant_type: 'account_credentials', account_id }, headers);
const BAD_REQUEST = { reason: 'Bad request', error: 'invalid_request' };

describe('the account_credentials grant', () => {
  it('returns an access token without a refresh token', async () => {
    const { status, json } = await obtain();
    expect(status).toBe(200);
    expect(json).toMatchObject({ token_type: 'bearer', expires_in: 3599, api_url: sandbox.url });
    expect(json.scope).toContain('meeting:write:meeting:admin');
    expect(json).not.toHaveProperty('refresh_token');
    expect(sandbox.control.counters().tokenRequests.accountCredentials).toBe(1);
  });

  it('refuses a wrong account, and an app that is not Server-to-Server', async () => {
    expect(await obtain('another')).toMatchObject({ status: 400, json: BAD_REQUEST });
    expect(await obtain(SANDBOX_S2S_ACCOUNT_ID, basic())).toMatchObject({ status: 400, json: BAD_REQUEST });
  });

  it('is the only grant type of a Server-to-Server app', async () => {
    const answer = await token(sandbox, { grant_type: 'refresh_token', refresh_token: 'x' }, credentials);
    expect(answer.json.error).toBe('unsupported_grant_type');
  });

  it('keeps an earlier token valid', async () => {
    const [first] = [(await obtain()).json, (await obtain()).json];
    expect(sandbox.control.isAccessTokenLive(first.access_token)).toBe(true);
  });

  it('ends with a revocation', async () => {
    const { json } = await obtain();
    await post(`${sandbox.url}/oauth/revoke`, { token: json.access_token }, credentials);
    expect(sandbox.control.isAccessTokenLive(json.access_token)).toBe(false);
  });
});

describe('a Server-to-Server token', () => {
  it('reaches users by id and email, but not me', async () => {
    const { access_token: access } = (await obtain()).json;
    const user = sandbox.control.users()[0];
    expect((await api(sandbox, `/v2/users/${user?.id ?? ''}`, access)).json.id).toBe(user?.id);
    const byEmail = await api(sandbox, `/v2/users/${encodeURIComponent(user?.email ?? '')}/meetings`, access);
    expect(byEmail.json.total_records).toBe(75);
    expect((await api(sandbox, '/v2/users/me', access)).status).toBe(400);
  });

  it('reaches nobody outside its account', async () => {
    const { access_token: access } = (await obtain()).json;
    const { id } = sandbox.control.addUser({ accountId: 'another' });
    expect(await api(sandbox, `/v2/users/${id}`, access)).toMatchObject({
      status: 404,
      json: { code: 1001, message: `User does not exist: ${id}` },
    });
  });

  it('needs the admin scope', async () => {
    sandbox.control.updateApp({ scopes: ['user:read:user'] }, SANDBOX_S2S_CLIENT_ID);
    const { access_token: access } = (await obtain()).json;
    expect((await api(sandbox, '/v2/users/someone', access)).json).toEqual({
      code: 4711,
      message: 'Invalid access token, does not contain scopes:[user:read:user:admin].',
    });
  });

  it('schedules and reads meetings for a user', async () => {
    const { access_token: access } = (await obtain()).json;
    const init = {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"topic":"On behalf"}',
    };
    const { status, json } = await api(sandbox, '/v2/users/free.coach@example.com/meetings', access, init);
    expect(status).toBe(201);
    expect((await api(sandbox, `/v2/meetings/${json.id}`, access)).json.topic).toBe('On behalf');
  });
});

it('a user cannot authorize a Server-to-Server app', async () => {
  const url = `${sandbox.url}/oauth/authorize?response_type=code&client_id=${SANDBOX_S2S_CLIENT_ID}&redirect_uri=x`;
  expect((await fetch(url)).status).toBe(400);
  expect(SANDBOX_S2S_CLIENT_ID).not.toBe(SANDBOX_CLIENT_ID);
});

import { startSandbox, type Sandbox } from '../../../src/dev/sandbox/sandbox.js';
import { api, basic, connect, post, REDIRECT_URI, refresh } from './client.js';

const INVALID_TOKEN = { reason: 'Invalid Token!', error: 'invalid_grant' };
const HOUR = 3_600_000;

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ app: { redirectUris: [REDIRECT_URI] } });
});
beforeEach(() => sandbox.control.reset());
afterAll(() => sandbox.close());

describe('strict rotation', () => {
  it("refuses a rotated refresh token with Zoom's exact body", async () => {
    const first = await connect(sandbox);
    const second = await refresh(sandbox, first.refresh);
    expect(second.json.refresh_token).not.toBe(first.refresh);
    expect(await refresh(sandbox, first.refresh)).toMatchObject({ status: 400, json: INVALID_TOKEN });
    expect((await refresh(sandbox, second.json.refresh_token)).status).toBe(200);
  });

  it('ends the older access token at once', async () => {
    const first = await connect(sandbox);
    const { json } = await refresh(sandbox, first.refresh);
    expect((await api(sandbox, '/v2/users/me', first.access)).json).toEqual({
      code: 124,
      message: 'Invalid access token.',
    });
    expect((await api(sandbox, '/v2/users/me', json.access_token)).status).toBe(200);
  });

  it('accepts one of twenty concurrent redemptions of the same token', async () => {
    const { refresh: spent } = await connect(sandbox);
    const answers = await Promise.all(Array.from({ length: 20 }, () => refresh(sandbox, spent)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(sandbox.control.counters()).toMatchObject({
      tokenRequests: { authorizationCode: 1, refreshToken: 20 },
      refreshes: { granted: 1, rejected: 19 },
      maxRedemptionsOfOneRefreshToken: 1,
      maxPresentationsOfOneRefreshToken: 20,
    });
  });
});

describe('grace rotation', () => {
  it('accepts the older refresh token until the grace period ends, and the older access token for its hour', async () => {
    sandbox.control.setRotation('grace', 5_000);
    const first = await connect(sandbox);
    const second = (await refresh(sandbox, first.refresh)).json;
    const third = (await refresh(sandbox, first.refresh)).json;
    expect(third.access_token).toBeDefined();
    await sandbox.control.advanceClock(5_000);
    expect((await refresh(sandbox, first.refresh)).json).toEqual(INVALID_TOKEN);
    // After the grace period, only the newest pair is valid.
    expect((await refresh(sandbox, second.refresh_token)).json).toEqual(INVALID_TOKEN);
    expect((await refresh(sandbox, third.refresh_token)).status).toBe(200);
    expect(sandbox.control.isAccessTokenLive(first.access)).toBe(true);
    expect(sandbox.control.counters().maxRedemptionsOfOneRefreshToken).toBe(2);
    await sandbox.control.advanceClock(HOUR);
    expect((await api(sandbox, '/v2/users/me', first.access)).json.message).toBe('Access token is expired.');
  });
});

describe('the life of a grant', () => {
  it('a second authorization of the same user ends the first', async () => {
    const first = await connect(sandbox);
    const second = await connect(sandbox);
    expect((await refresh(sandbox, first.refresh)).json).toEqual(INVALID_TOKEN);
    expect((await api(sandbox, '/v2/users/me', first.access)).status).toBe(401);
    expect((await refresh(sandbox, second.refresh)).status).toBe(200);
    expect(sandbox.control.grants().map(({ alive }) => alive)).toEqual([false, true]);
  });

  it('an authorization does not affect another user of the same app', async () => {
    const [licensed, free] = sandbox.control.users();
    const first = await connect(sandbox, licensed?.id);
    await connect(sandbox, free?.id);
    expect((await refresh(sandbox, first.refresh)).status).toBe(200);
  });

  it('a refresh token expires 90 days after its issue', async () => {
    const first = await connect(sandbox);
    await sandbox.control.advanceClock(89 * 24 * HOUR);
    const second = (await refresh(sandbox, first.refresh)).json;
    await sandbox.control.advanceClock(89 * 24 * HOUR);
    expect(sandbox.control.isRefreshTokenLive(second.refresh_token)).toBe(true);
    await sandbox.control.advanceClock(24 * HOUR);
    expect(await refresh(sandbox, second.refresh_token)).toMatchObject({ status: 400, json: INVALID_TOKEN });
  });

  it('an access token expires after one hour', async () => {
    const { access } = await connect(sandbox);
    await sandbox.control.advanceClock(HOUR - 1000);
    expect((await api(sandbox, '/v2/users/me', access)).status).toBe(200);
    await sandbox.control.advanceClock(1000);
    expect((await api(sandbox, '/v2/users/me', access)).json).toEqual({
      code: 124,
      message: 'Access token is expired.',
    });
  });

  it('revocation ends it and counts once', async () => {
    const { access, refresh: refreshToken } = await connect(sandbox);
    for (let times = 0; times < 2; times += 1) {
      const answer = await post(`${sandbox.url}/oauth/revoke`, { token: access }, basic());
      expect(answer).toMatchObject({ status: 200, json: { status: 'success' } });
    }
    expect(await refresh(sandbox, refreshToken)).toMatchObject({ status: 400, json: INVALID_TOKEN });
    expect(sandbox.control.counters().revocations).toBe(1);
  });

  it('revocation needs client authentication and, if revokeUnknownToken is error, a known token', async () => {
    expect((await post(`${sandbox.url}/oauth/revoke`, { token: 'x' })).json.error).toBe('invalid_client');
    sandbox.control.configure({ revokeUnknownToken: 'error' });
    expect((await post(`${sandbox.url}/oauth/revoke`, { token: 'x' }, basic())).status).toBe(400);
  });
});

import { SANDBOX_CLIENT_ID, SANDBOX_CLIENT_SECRET } from '../../src/dev/sandbox/sandbox.js';
import { TokenCipher } from '../../src/grants/token-cipher.js';
import { type UserOAuthToken } from '../../src/models/user-oauth-token.js';
import { type Harness, someUser, startHarness } from '../support/harness.js';

const PROFILE = '{ zoomProfile { id } }';
const SECOND = 1_000;
const GRACE_MS = 60 * SECOND;

let harness: Harness;
beforeEach(async () => {
  harness = await startHarness({ sandbox: { rotation: 'grace' } });
});
afterEach(() => harness.close());

const { grants, auditEvents } = {
  grants: () => harness.database.models.grants,
  auditEvents: () => harness.database.models.auditEvents,
};
const rowOf = async (userId: string) => (await grants().findOne({ userId }).lean()) as UserOAuthToken;
const refreshesOf = async (userId: string) =>
  (await auditEvents().find({ userId, type: 'access_token.refreshed' }).sort({ occurredAt: 1 }).lean()).map(
    ({ cause }) => cause,
  );

/** The stored refresh token, in the clear. */
async function refreshTokenOf(userId: string): Promise<string> {
  const { zoomRefreshToken = '' } = await rowOf(userId);
  const cipher = new TokenCipher(harness.config.encryptionKeys);
  return (await cipher.open(zoomRefreshToken, { userId, field: 'zoomRefreshToken' })).reveal();
}

/** Sends a refresh request to Zoom past the server, as a process would whose memory is lost. */
async function redeemPast(refreshToken: string): Promise<number> {
  const credentials = Buffer.from(`${SANDBOX_CLIENT_ID}:${SANDBOX_CLIENT_SECRET}`).toString('base64');
  const { status } = await fetch(`${harness.sandbox.url}/oauth/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${credentials}` },
    body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: refreshToken }),
  });
  return status;
}

/** A connected user in whose row a process has died after it took the lease. */
async function userWithDeadHolder(): Promise<string> {
  const userId = someUser();
  await harness.connect(userId);
  const { refreshAttempt } = await rowOf(userId);
  await grants().updateOne(
    { userId },
    {
      $set: {
        refreshAttempt: refreshAttempt + 1,
        unsettledAttempt: refreshAttempt + 1,
        refreshLease: { owner: 'a dead process', expiresAt: new Date(Date.now() - SECOND) },
        zoomAccessTokenExpiry: harness.clock(),
      },
    },
  );
  return userId;
}

/** A connected user whose stored tokens are contested, to be settled after `ms`. */
async function contestedUser(ms: number): Promise<string> {
  const userId = someUser();
  await harness.connect(userId);
  const { tokenVersion } = await rowOf(userId);
  const settleAt = new Date(harness.clock().getTime() + ms);
  await grants().updateOne({ userId }, { $set: { contest: { upTo: tokenVersion, settleAt } } });
  return userId;
}

test('the request of a dead process reaches Zoom after that of its successor, in grace: one further refresh makes the stored pair the last one', async () => {
  const userId = await userWithDeadHolder();
  const used = await refreshTokenOf(userId);
  expect((await harness.graphql(userId, PROFILE)).errors).toBeUndefined();
  expect(await rowOf(userId)).toMatchObject({ contest: { upTo: (await rowOf(userId)).tokenVersion } });
  expect(await redeemPast(used)).toBe(200);
  await harness.advance(harness.config.timing.refreshLeaseTtlMs);
  await harness.server.maintain();
  expect(await refreshesOf(userId)).toEqual(['EXPIRY', 'CONTESTED']);
  expect(await rowOf(userId)).not.toHaveProperty('contest');
  await harness.advance(GRACE_MS + SECOND);
  expect(harness.sandbox.control.isRefreshTokenLive(await refreshTokenOf(userId))).toBe(true);
});

test('the further refresh after a dead process waits as long as a lease lasts', async () => {
  const userId = await userWithDeadHolder();
  await harness.graphql(userId, PROFILE);
  await harness.advance(harness.config.timing.refreshLeaseTtlMs - SECOND);
  await harness.server.maintain();
  expect(await refreshesOf(userId)).toEqual(['EXPIRY']);
});

test('contested tokens whose process died before it settled them: the next round settles them, once', async () => {
  const userId = await contestedUser(0);
  await harness.server.maintain();
  await harness.server.maintain();
  expect(await refreshesOf(userId)).toEqual(['CONTESTED']);
  expect(await rowOf(userId)).not.toHaveProperty('contest');
});

test('no caller waits for a contest to be settled: the stored access token is used', async () => {
  const userId = await contestedUser(60 * SECOND);
  harness.sandbox.control.resetCounters();
  expect((await harness.graphql(userId, PROFILE)).errors).toBeUndefined();
  expect(harness.sandbox.control.counters().tokenRequests.refreshToken).toBe(0);
});

test('a contest that cannot be settled yet, since Zoom fails, is settled by a later round', async () => {
  const userId = await contestedUser(0);
  harness.sandbox.control.injectFault({ target: 'refresh', kind: 'status', status: 503, times: 20 });
  await harness.server.maintain();
  expect(await rowOf(userId)).toHaveProperty('contest');
  await harness.advance(5 * 60 * SECOND);
  harness.sandbox.control.clearFaults();
  await harness.server.maintain();
  expect(await refreshesOf(userId)).toEqual(['CONTESTED']);
});

test.each([
  ['a disconnect', (userId: string) => harness.graphql(userId, 'mutation { revokeZoom { revokedAtZoom } }')],
  ['a reconnect', (userId: string) => harness.connect(userId)],
])('%s ends a contest with the tokens that it was about', async (_name, change) => {
  const userId = await contestedUser(0);
  await change(userId);
  expect(await rowOf(userId)).not.toHaveProperty('contest');
});

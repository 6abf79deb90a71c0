// Our server in front of @node-oauth/oauth2-server: it rotates refresh tokens, wants PKCE, says `Bearer` and explains
// errors in `error_description`; its API refuses a token with an OAuth-shaped 401.
import { startNodeOauthZoom } from '../support/node-oauth-zoom.js';
import { describeConnection } from '../support/zoom-by-others.js';
import { someUser } from '../support/harness.js';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

const { harness, zoom, connect, askForProfile, statusOf } = describeConnection(startNodeOauthZoom);

test('a user who declines ends at the frontend and is not connected', async () => {
  const userId = someUser();
  expect(await connect(userId, (url) => `${url}&allowed=false`)).toMatch(
    /[?&]zoom=error&reason=access_denied$/,
  );
  expect(await statusOf(userId)).toBe('NOT_CONNECTED');
});

test('a client secret that this server refuses with 401 disconnects nobody, and heals', async () => {
  const userId = someUser();
  await connect(userId);
  zoom().changeSecret('another secret');
  await harness().advance(HOUR_MS);
  expect(await askForProfile(userId)).toBe('ZOOM_APP_MISCONFIGURED');
  expect(await statusOf(userId)).toBe('CONNECTED');
  zoom().changeSecret(harness().config.zoom.clientSecret.reveal());
  await harness().advance(MINUTE_MS);
  expect(await askForProfile(userId)).toBe('ok');
});

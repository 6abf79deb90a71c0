import { sha256Base64url } from '../../src/grants/connect/authorization-request-store.js';
import { Browser } from '../../src/dev/demo/browser.js';
import { Cluster } from '../support/cluster.js';
import { consentAt } from '../support/consent.js';
import { FRONTEND, someUser } from '../support/harness.js';
import { PROCESS_HEADER } from '../support/load-balancer.js';
import { shareCluster } from '../support/shared-cluster.js';

const START = `mutation { startZoomAuthorization(input: { returnTo: "${FRONTEND}/settings" }) { authorizationUrl } }`;

let cluster: Cluster;
shareCluster(async () => (cluster = await Cluster.start(2)));

/** An authorization begun at the first process, as far as Zoom's redirect. */
interface Attempt {
  userId: string;
  browser: Browser;
  callback: URL;
}

/** Begins once more for a user who is connected. */
async function begin(decision: 'allow' | 'decline' = 'allow'): Promise<Attempt> {
  const userId = someUser();
  const zoomUserId = await cluster.connect(userId);
  const browser = new Browser();
  const { data } = await cluster.ask(0, userId, START, { browser });
  const url = data.startZoomAuthorization.authorizationUrl as string;
  const callback = new URL(await consentAt(browser, url, { decision, zoomUserId }));
  cluster.sandbox.control.resetCounters();
  return { userId, browser, callback };
}

/** Where the second process sends a browser. */
async function land(browser: Browser, callback: URL): Promise<string | null> {
  const answer = await browser.fetch(callback.href, { headers: { [PROCESS_HEADER]: '1' } });
  return answer.headers.get('location');
}

test.each<[string, string, () => Promise<[Attempt, Browser]>]>([
  [
    'late',
    'state_expired',
    async () => {
      const attempt = await begin();
      const expiresAt = new Date(Date.now() - 1_000);
      const { authorizationRequests } = cluster.database.models;
      const _id = sha256Base64url(attempt.callback.searchParams.get('state') ?? '');
      await authorizationRequests.updateOne({ _id }, { $set: { expiresAt } });
      return [attempt, attempt.browser];
    },
  ],
  [
    'with a forged state',
    'state_unknown',
    async () => {
      const attempt = await begin();
      attempt.callback.searchParams.set('state', 'forged');
      return [attempt, attempt.browser];
    },
  ],
  [
    'without a state',
    'restart',
    async () => {
      const attempt = await begin();
      attempt.callback.searchParams.delete('state');
      return [attempt, attempt.browser];
    },
  ],
  ['from another browser', 'browser_mismatch', async () => [await begin(), new Browser()]],
  [
    'denied',
    'access_denied',
    async () => {
      const attempt = await begin('decline');
      return [attempt, attempt.browser];
    },
  ],
])(
  'a callback that is %s ends with %s, redeems nothing and leaves the connection as it was',
  async (_what, reason, prepare) => {
    const [{ userId, callback }, browser] = await prepare();
    const { grants } = cluster.database.models;
    const before = await grants.findOne({ userId }).lean();
    expect(await land(browser, callback)).toMatch(
      new RegExp(`^${FRONTEND}/.*\\?zoom=error&reason=${reason}$`),
    );
    expect(cluster.sandbox.control.counters().tokenRequests.authorizationCode).toBe(0);
    expect(await grants.findOne({ userId }).lean()).toEqual(before);
    for (const process of [0, 1]) expect((await cluster.profile(process, userId)).errors).toBeUndefined();
  },
);

test('a callback from another browser does not use the state up', async () => {
  const { browser, callback } = await begin();
  expect(await land(new Browser(), callback)).toContain('reason=browser_mismatch');
  expect(await land(browser, callback)).toBe(`${FRONTEND}/settings?zoom=connected`);
});

import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Browser } from '../../src/dev/demo/browser.js';
import { type Sandbox, startSandbox } from '../../src/dev/sandbox/sandbox.js';
import { CALLBACK_PATH } from '../../src/http/callback-route.js';
import { consentAt } from '../support/consent.js';
import { type TestDatabase, testDatabase } from '../support/database.js';
import { buildFormerRelease, type FormerRelease, hasCommit } from '../support/former-release.js';
import { FRONTEND, type GraphQLAnswer, someUser, tokenFor } from '../support/harness.js';
import { type LoadBalancer, startLoadBalancer } from '../support/load-balancer.js';
import { type ServerProcess, startServerProcess } from '../support/server-process.js';

/** Version 0.1.0. It was not tagged. */
const FORMER = '81078312ee87e8ddc2879ace5d70997c392e4e6e';
const BUILD_MS = 300_000;
const START = `mutation { startZoomAuthorization(input: { returnTo: "${FRONTEND}/" }) { authorizationUrl } }`;
const REFRESH = 'mutation { refreshZoomToken { connection { status } } }';

const describeUpgrade = hasCommit(FORMER) ? describe : describe.skip;

describeUpgrade(
  `version 0.1.0 and this one, one after the other (skipped without the commit ${FORMER})`,
  () => {
    let former: FormerRelease;
    let sandbox: Sandbox;
    let home: TestDatabase;
    let balancer: LoadBalancer;
    let server: ServerProcess | undefined;
    const encryptionKeys = `k1:${randomBytes(32).toString('base64')}`;

    beforeAll(async () => {
      former = await buildFormerRelease(FORMER);
      home = testDatabase();
      sandbox = await startSandbox({ rotation: 'strict' });
      balancer = await startLoadBalancer(() => server?.url ?? 'http://127.0.0.1:9');
      sandbox.control.updateApp({ redirectUris: [`${balancer.url}${CALLBACK_PATH}`] });
    }, BUILD_MS);
    afterAll(async () => {
      await server?.kill();
      await balancer.close();
      await sandbox.close();
      await home.drop();
      former.remove();
    });

    /** Ends the server that runs as an orchestrator does, then starts the release. */
    async function switchTo(release: 'former' | 'this'): Promise<void> {
      const running = server;
      if (running) expect(await running.terminate()).toBe(0);
      server = await startServerProcess({
        mongodbUri: home.uri,
        sandboxUrl: sandbox.url,
        redirectUri: `${balancer.url}${CALLBACK_PATH}`,
        encryptionKeys,
        ...(release === 'former' && { main: former.main }),
      });
    }

    async function ask(userId: string, query: string, browser = new Browser()): Promise<GraphQLAnswer> {
      const response = await browser.fetch(`${balancer.url}/graphql`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${await tokenFor(() => new Date(), userId)}`,
        },
        body: JSON.stringify({ query }),
      });
      return (await response.json()) as GraphQLAnswer;
    }

    async function connect(): Promise<string> {
      const [userId, browser] = [someUser(), new Browser()];
      const zoomUserId = sandbox.control.addUser().id;
      const { data } = await ask(userId, START, browser);
      const url = data.startZoomAuthorization.authorizationUrl as string;
      const callback = await consentAt(browser, url, { zoomUserId });
      const answer = await browser.fetch(callback);
      expect(answer.headers.get('location')).toContain('zoom=connected');
      return userId;
    }

    const connectMany = async (count: number) => {
      const users: string[] = [];
      for (let n = 0; n < count; n++) users.push(await connect());
      return users;
    };
    const statusOf = async (userId: string) =>
      (await ask(userId, '{ zoomConnection { status reason } }')).data.zoomConnection as object;

    /** Users who use and refresh their connections until `stop`, whether or not a server runs. */
    function startLoad(users: readonly string[]) {
      let isOver = false;
      let answered = 0;
      const loops = users.map(async (userId, index) => {
        for (let round = 0; !isOver; round++) {
          const query = round % 20 === index ? REFRESH : '{ zoomProfile { id } }';
          const answer = await ask(userId, query).catch(() => undefined);
          if (answer?.data && !answer.errors) answered++;
          await sleep(50);
        }
      });
      return {
        stop: async () => {
          isOver = true;
          await Promise.all(loops);
          return answered;
        },
      };
    }

    async function expectAllAlive(users: readonly string[]): Promise<void> {
      for (const userId of users) {
        expect(await statusOf(userId)).toEqual({ status: 'CONNECTED', reason: null });
        expect(await ask(userId, REFRESH)).not.toHaveProperty('errors');
      }
    }

    test('an upgrade, a way back and another upgrade under load lose no connection', async () => {
      await switchTo('former');
      const early = await connectMany(4);
      const firstLoad = startLoad(early);
      await sleep(1_000);

      await switchTo('this');
      await sleep(1_000);
      expect(await firstLoad.stop()).toBeGreaterThan(early.length);
      await expectAllAlive(early);
      const middle = await connectMany(3);
      const [gone = '', ...stay] = middle;
      await ask(gone, 'mutation { revokeZoom { revokedAtZoom } }');
      const secondLoad = startLoad([...early, ...stay]);
      await sleep(1_000);

      await switchTo('former');
      await sleep(1_000);
      await secondLoad.stop();
      await expectAllAlive([...early, ...stay]);
      expect(await statusOf(gone)).toEqual({ status: 'REVOKED', reason: 'REVOKED_BY_USER' });
      const late = await connectMany(2);

      await switchTo('this');
      await expectAllAlive([...early, ...stay, ...late]);
      expect(await statusOf(gone)).toEqual({ status: 'REVOKED', reason: 'REVOKED_BY_USER' });
      expect(sandbox.control.counters().refreshes.rejected).toBe(0);
      expect(server?.log()).not.toContain('rows that are not ours');
    }, 120_000);
  },
);

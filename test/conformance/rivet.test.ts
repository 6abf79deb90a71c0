import { MeetingsOAuthClient, MeetingsS2SAuthClient } from '@zoom/rivet/meetings';
import axios from 'axios';
import { type Server } from 'node:http';
import {
  type Sandbox,
  SANDBOX_CLIENT_ID,
  SANDBOX_CLIENT_SECRET,
  SANDBOX_S2S_ACCOUNT_ID,
  SANDBOX_S2S_CLIENT_ID,
  SANDBOX_S2S_CLIENT_SECRET,
  startSandbox,
} from '../../src/dev/sandbox/sandbox.js';
import { Browser } from '../../src/dev/demo/browser.js';
import { consentAt } from '../support/consent.js';
import { freePort } from '../support/harness.js';

/** What rivet keeps of a grant. */
interface OAuthToken {
  accessToken: string;
  refreshToken: string;
  expirationTimeIso: string;
  scopes: string[];
}

/** Zoom's own client is unmodified; only its base URLs lead to the sandbox. */
const ZOOM = /^https:\/\/(api\.)?zoom\.us/;

let sandbox: Sandbox;
let home: string;
let interceptor: number;
beforeAll(async () => {
  const port = await freePort();
  home = `http://127.0.0.1:${port}`;
  sandbox = await startSandbox({ app: { redirectUris: [`${home}/zoom/oauth/callback`] } });
  interceptor = axios.interceptors.request.use((request) => {
    if (request.url) request.url = request.url.replace(ZOOM, sandbox.url);
    if (request.baseURL) request.baseURL = request.baseURL.replace(ZOOM, sandbox.url);
    return request;
  });
});
afterAll(async () => {
  axios.interceptors.request.eject(interceptor);
  await sandbox.close();
});

describe("Zoom's client for users", () => {
  let stored: OAuthToken | undefined;
  const latest = () => stored;
  let receiver: Server;
  let client: MeetingsOAuthClient;
  beforeAll(async () => {
    const tokenStore = {
      getLatestToken: latest,
      storeToken: (token: OAuthToken) => {
        stored = token;
      },
    };
    client = new MeetingsOAuthClient({
      clientId: SANDBOX_CLIENT_ID,
      clientSecret: SANDBOX_CLIENT_SECRET,
      webhooksSecretToken: 'unused',
      port: Number(new URL(home).port),
      tokenStore,
      installerOptions: { redirectUri: home, stateStore: 'a secret of the installer', directInstall: true },
    });
    receiver = await client.start();
  });
  afterAll(() => {
    receiver.close();
    receiver.closeAllConnections();
  });

  test('sends the browser to Zoom, takes the callback and keeps the tokens', async () => {
    const browser = new Browser();
    const install = await browser.fetch(`${home}/zoom/oauth/install`);
    const authorizationUrl = install.headers.get('location')?.replace(ZOOM, sandbox.url) ?? '';
    const callback = await consentAt(browser, authorizationUrl, { zoomUserId: sandbox.control.addUser().id });
    expect(callback).toContain(`${home}/zoom/oauth/callback?`);
    expect((await browser.fetch(callback)).status).toBe(200);
    expect(stored).toMatchObject({ accessToken: expect.any(String), refreshToken: expect.any(String) });
  });

  test('creates, reads, lists and deletes meetings', async () => {
    const { meetings } = client.endpoints;
    const created = await meetings.createMeeting({
      path: { userId: 'me' },
      body: { topic: 'Made by rivet', type: 2, duration: 30 },
    });
    expect(created).toMatchObject({
      statusCode: 201,
      data: { topic: 'Made by rivet', type: 2, duration: 30 },
    });
    const meetingId = created.data?.id ?? 0;
    const read = await meetings.getMeeting({ path: { meetingId } });
    expect(read.data).toMatchObject({ id: meetingId, status: 'waiting' });
    const list = await meetings.listMeetings({ path: { userId: 'me' } });
    expect(list.data).toMatchObject({ total_records: 1, meetings: [{ id: meetingId }], next_page_token: '' });
    expect((await meetings.deleteMeeting({ path: { meetingId } })).statusCode).toBe(204);
  });

  test('refreshes a token that has expired, and the new one works', async () => {
    const before = latest();
    if (!before) throw new Error('no token is stored');
    stored = { ...before, expirationTimeIso: new Date(0).toISOString() };
    await client.endpoints.meetings.listMeetings({ path: { userId: 'me' } });
    expect(latest()?.accessToken).not.toBe(before.accessToken);
    expect(latest()?.refreshToken).not.toBe(before.refreshToken);
  });
});

test("Zoom's client for Server-to-Server apps gets a token, and hosts a meeting for a user of the account", async () => {
  const client = new MeetingsS2SAuthClient({
    clientId: SANDBOX_S2S_CLIENT_ID,
    clientSecret: SANDBOX_S2S_CLIENT_SECRET,
    accountId: SANDBOX_S2S_ACCOUNT_ID,
    disableReceiver: true,
  });
  const userId = sandbox.control.addUser().id;
  const { data } = await client.endpoints.meetings.createMeeting({
    path: { userId },
    body: { topic: 'Hosted' },
  });
  expect(data).toMatchObject({ host_id: userId, topic: 'Hosted' });
  expect(sandbox.control.counters().tokenRequests.accountCredentials).toBe(1);
  await expect(client.endpoints.meetings.listMeetings({ path: { userId: 'me' } })).rejects.toThrow();
});

import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { text as readText } from 'node:stream/consumers';
import { type z } from 'zod';
import { startSandbox, type Sandbox } from '../../../src/dev/sandbox/sandbox.js';
import { api, connect, create, exchange, obtainCode, post, REDIRECT_URI, refresh, send } from './client.js';
import { meetingListShape, meetingShape, recordingListShape, recordingShape } from './published-meetings.js';
import {
  apiErrorShape,
  deauthorizationShape,
  endpointValidationShape,
  meetingTokenShape,
  oauthErrorShape,
  tokenShape,
  userSettingsShape,
  userShape,
} from './published-shapes.js';

const DAY_MS = 86_400_000;

let sandbox: Sandbox;
let endpoint: Server;
let received: unknown[];

beforeAll(async () => {
  endpoint = createServer((request, response) => {
    void readText(request).then((body) => {
      received.push(JSON.parse(body));
      response.end();
    });
  });
  await new Promise<void>((resolve) => endpoint.listen(0, '127.0.0.1', resolve));
  const webhookUrl = `http://127.0.0.1:${(endpoint.address() as AddressInfo).port}/`;
  sandbox = await startSandbox({ app: { redirectUris: [REDIRECT_URI], published: true, webhookUrl } });
});
beforeEach(() => {
  sandbox.control.reset();
  received = [];
});
afterAll(async () => {
  await sandbox.close();
  await new Promise((resolve) => endpoint.close(resolve));
});

/** What is wrong with a value: empty if it has the published shape. */
const faults = (shape: z.ZodType, value: unknown) =>
  shape.safeParse(value).error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? [];
const users = () => sandbox.control.users().filter(({ status }) => status === 'active');

describe('the answers of the sandbox have the shapes that Zoom publishes', () => {
  it('token answers, with and without api_url', async () => {
    const first = (await exchange(sandbox, await obtainCode(sandbox))).json;
    sandbox.control.configure({ omitApiUrl: true });
    const second = (await refresh(sandbox, first.refresh_token)).json;
    expect([first, second].flatMap((answer) => faults(tokenShape, answer))).toEqual([]);
    expect(second).not.toHaveProperty('api_url');
  });

  it('profiles and settings of every user', async () => {
    for (const { id } of [...users(), sandbox.control.addUser({ usePmi: true })]) {
      const { access } = await connect(sandbox, id);
      expect(faults(userShape, (await api(sandbox, '/v2/users/me', access)).json)).toEqual([]);
      expect(faults(userSettingsShape, (await api(sandbox, '/v2/users/me/settings', access)).json)).toEqual(
        [],
      );
    }
  });

  it('tokens for meetings', async () => {
    sandbox.control.updateApp({ scopes: ['user:read:zak', 'user:read:token'] });
    const { access } = await connect(sandbox);
    for (const path of ['zak', 'token?type=onbehalf'])
      expect(faults(meetingTokenShape, (await api(sandbox, `/v2/users/me/${path}`, access)).json)).toEqual(
        [],
      );
  });

  it.each(['scheduled', 'live', 'upcoming', 'previous_meetings'])('lists of meetings: %s', async (type) => {
    const { access } = await connect(sandbox);
    await create(sandbox, access, { settings: { use_pmi: true } });
    for (const legacyPageFields of [true, false]) {
      sandbox.control.configure({ legacyPageFields });
      const { json } = await api(sandbox, `/v2/users/me/meetings?type=${type}&page_size=300`, access);
      expect(faults(meetingListShape, json)).toEqual([]);
    }
  });

  it.each<[string, object]>([
    ['no fields', {}],
    ['an instant meeting', { type: 1 }],
    ['a meeting without a fixed time', { type: 3 }],
    ['no passcode', { default_password: false, agenda: null }],
    ['the personal room', { settings: { use_pmi: true, waiting_room: true, join_before_host: true } }],
    ['a daily series', { type: 8, agenda: 'a', recurrence: { type: 1, end_times: 3 } }],
    [
      'a series of another client',
      {
        type: 8,
        recurrence: { type: 2, weekly_days: 2, end_date_time: '2030-01-01T00:00:00.000Z' },
      },
    ],
    [
      'a monthly series without an end',
      {
        type: 8,
        recurrence: { type: 3, monthly_week: -1, monthly_week_day: 2, end_times: 0 },
      },
    ],
  ])('a meeting with %s, created, read and changed', async (_what, body) => {
    const { access } = await connect(sandbox);
    const created = (await create(sandbox, access, { topic: 'Talk', ...body })).json;
    const path = `/v2/meetings/${created.id}`;
    const date = created.occurrences?.[1]?.occurrence_id as string | undefined;
    const query = date === undefined ? '' : `?occurrence_id=${date}`;
    const change = { agenda: 'New', settings: { host_video: true } };
    expect((await send(sandbox, 'PATCH', `${path}${query}`, access, change)).status).toBe(204);
    const read = (await api(sandbox, path, access)).json;
    const onDate = (await api(sandbox, `${path}${query}`, access)).json;
    expect([created, read, onDate].flatMap((answer) => faults(meetingShape, answer))).toEqual([]);
  });

  it('every meeting that the sandbox begins with', async () => {
    const { access } = await connect(sandbox);
    const { meetings } = (await api(sandbox, '/v2/users/me/meetings?page_size=300', access)).json;
    for (const { id } of meetings)
      expect(faults(meetingShape, (await api(sandbox, `/v2/meetings/${id}`, access)).json)).toEqual([]);
  });

  it('lists of recordings of half a year, and each recording in them', async () => {
    const { access } = await connect(sandbox);
    const found = new Set<string>();
    for (let daysAgo = 150; daysAgo > 0; daysAgo -= 30) {
      const from = new Date(Date.parse(sandbox.control.now()) - daysAgo * DAY_MS).toISOString().slice(0, 10);
      const { json } = await api(sandbox, `/v2/users/me/recordings?from=${from}`, access);
      expect(faults(recordingListShape, json)).toEqual([]);
      for (const { uuid } of json.meetings) found.add(uuid);
    }
    expect(found.size).toBe(7);
    for (const uuid of found) {
      const key = encodeURIComponent(encodeURIComponent(uuid));
      const path = `/v2/meetings/${key}/recordings?include_fields=download_access_token`;
      expect(faults(recordingShape, (await api(sandbox, path, access)).json)).toEqual([]);
    }
  });

  it('errors of the API', async () => {
    const { access } = await connect(sandbox);
    const answers = await Promise.all([
      api(sandbox, '/v2/users/me'),
      api(sandbox, '/v2/nothing', access),
      api(sandbox, '/v2/users/me/zak', access),
      api(sandbox, '/v2/meetings/80000000000', access),
      api(sandbox, '/v2/meetings/80000000000/recordings', access),
      api(sandbox, '/v2/users/me/meetings?page_size=0', access),
      create(sandbox, access, { topic: 1, type: 8 }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([401, 404, 400, 404, 404, 400, 400]);
    expect(answers.flatMap(({ json }) => faults(apiErrorShape, json))).toEqual([]);
  });

  it('errors of the token and revocation endpoints', async () => {
    const answers = [
      await refresh(sandbox, 'x'),
      await exchange(sandbox, 'x'),
      await post(`${sandbox.url}/oauth/token`, {}),
      await post(`${sandbox.url}/oauth/revoke`, { token: 'x' }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([400, 400, 400, 400]);
    expect(answers.flatMap(({ json }) => faults(oauthErrorShape, json))).toEqual([]);
  });

  it('events', async () => {
    await connect(sandbox);
    await sandbox.control.uninstall(users()[0]?.id ?? '');
    await sandbox.control.validateEndpoint();
    expect(received).toHaveLength(2);
    expect(faults(deauthorizationShape, received[0])).toEqual([]);
    expect(faults(endpointValidationShape, received[1])).toEqual([]);
  });
});

describe('the published shapes', () => {
  it.each([
    ['an unknown member', { ...{ token: 'a' }, more: 1 }],
    ['a wrong type', { token: 1 }],
    ['a missing member', {}],
    ['null', { token: null }],
  ])('refuse %s', (_what, value) => {
    expect(faults(meetingTokenShape, value)).not.toEqual([]);
  });
});

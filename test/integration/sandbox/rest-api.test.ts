import { startSandbox, type Sandbox } from '../../../src/dev/sandbox/sandbox.js';
import { api, connect, REDIRECT_URI, type Json } from './client.js';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ app: { redirectUris: [REDIRECT_URI] } });
});
beforeEach(() => sandbox.control.reset());
afterAll(() => sandbox.close());

const userId = (position: number) => sandbox.control.users()[position]?.id ?? '';

describe('authorization of a call', () => {
  const invalid = { code: 124, message: 'Invalid access token.' };

  it.each([
    ['no token', undefined],
    ['garbage', 'garbage'],
    ['a forged token', 'eyJhbGciOiJIUzUxMiJ9.eyJqdGkiOiJ4In0.c2ln'],
  ])('%s gets 401/124', async (_what, token) => {
    expect(await api(sandbox, '/v2/users/me', token)).toMatchObject({ status: 401, json: invalid });
  });

  it('a refresh token is no access token', async () => {
    const { refresh } = await connect(sandbox);
    expect(await api(sandbox, '/v2/users/me', refresh)).toMatchObject({ status: 401, json: invalid });
  });

  it('a token in the query gets its own message', async () => {
    const { access } = await connect(sandbox);
    const { status, json } = await api(sandbox, `/v2/users/me?access_token=${access}`);
    expect(status).toBe(401);
    expect(json.message).toBe(
      'Invalid access token, this access token is not supported as query parameter string.',
    );
  });

  it('the error for a missing scope lists the scopes that would be sufficient', async () => {
    sandbox.control.updateApp({ scopes: ['user:read:user'] });
    const { access } = await connect(sandbox);
    expect(await api(sandbox, '/v2/users/me/meetings?page_size=bad', access)).toMatchObject({
      status: 400,
      json: {
        code: 4711,
        message:
          'Invalid access token, does not contain scopes:[meeting:read:list_meetings, meeting:read:list_meetings:admin].',
      },
    });
  });

  it("a user's token reaches no user by id, not even its own", async () => {
    const { access } = await connect(sandbox);
    expect(await api(sandbox, `/v2/users/${userId(0)}`, access)).toMatchObject({
      status: 400,
      json: { code: 4711, message: 'Invalid access token, does not contain scopes:[user:read:user:admin].' },
    });
  });

  it('an uninstalled app gets 401/124', async () => {
    const { access } = await connect(sandbox);
    expect(await sandbox.control.uninstall(userId(0))).toBe(true);
    expect(await api(sandbox, '/v2/users/me', access)).toMatchObject({ status: 401, json: invalid });
  });

  it('an unknown path gets 404', async () => {
    expect(await api(sandbox, '/v2/nothing')).toMatchObject({ status: 404, json: { code: 2300 } });
  });
});

describe('GET /v2/users/me', () => {
  it('returns all fields of a licensed user', async () => {
    const { access } = await connect(sandbox);
    const { status, json, headers } = await api(sandbox, '/v2/users/me', access);
    expect(status).toBe(200);
    expect(headers.get('x-ratelimit-category')).toBe('Light');
    expect(json).toMatchObject({
      id: expect.stringMatching(/^[\w-]{22}$/),
      account_id: expect.stringMatching(/^[\w-]{22}$/),
      email: 'licensed.coach@example.com',
      type: 2,
      status: 'active',
      timezone: 'Europe/Berlin',
    });
  });

  it('returns empty strings and zeros for a free user', async () => {
    const { access } = await connect(sandbox, userId(1));
    const { json } = await api(sandbox, '/v2/users/me', access);
    expect(json).toMatchObject({
      type: 1,
      timezone: '',
      dept: '',
      job_title: '',
      location: '',
      pmi: 0,
      verified: 0,
    });
  });

  it('leaves out email and timezone of the user without them', async () => {
    const { access } = await connect(sandbox, userId(2));
    const { json } = await api(sandbox, '/v2/users/me', access);
    expect(json).not.toHaveProperty('email');
    expect(json).not.toHaveProperty('timezone');
  });
});

describe('GET /v2/users/me/meetings', () => {
  const list = async (access: string, query = '') => api(sandbox, `/v2/users/me/meetings${query}`, access);

  it('pages through 75 meetings without loss or repetition and ends with an empty token', async () => {
    const { access } = await connect(sandbox);
    const pages: Json[] = [];
    for (let next = ''; pages.length === 0 || next !== ''; next = pages.at(-1).next_page_token) {
      pages.push((await list(access, `?next_page_token=${encodeURIComponent(next)}`)).json);
    }
    expect(pages.map((page) => page.meetings.length)).toEqual([30, 30, 15]);
    expect(pages[0]).toMatchObject({ page_size: 30, total_records: 75, page_count: 3, page_number: 1 });
    expect(new Set(pages.flatMap((page) => page.meetings.map(({ id }: Json) => id))).size).toBe(75);
  });

  it('contains the difficult cases of real data', async () => {
    const { access } = await connect(sandbox);
    const { meetings } = (await list(access, '?page_size=300')).json;
    const topic = (name: string) => meetings.find((meeting: Json) => meeting.topic === name);
    expect(topic('UUID with a leading slash').uuid).toMatch(/^\//);
    expect(topic('UUID with a double slash').uuid).toMatch(/.\/\//);
    expect(topic('Recurring without a fixed time')).not.toHaveProperty('start_time');
    expect(topic('Weekly series').type).toBe(8);
    expect(topic('Long agenda').agenda).toHaveLength(250);
    expect(meetings.every(({ id }: Json) => id > 2 ** 32 && Number.isSafeInteger(id))).toBe(true);
    expect(meetings.some(({ type }: Json) => type === 1)).toBe(false);
  });

  it('selects by type', async () => {
    const { access } = await connect(sandbox);
    const total = async (type: string) => (await list(access, `?type=${type}`)).json.total_records;
    expect(await total('scheduled')).toBe(75);
    expect(await total('previous_meetings')).toBe(1);
    expect(await total('upcoming')).toBe(74);
    expect(await total('live')).toBe(0);
    expect((await list(access, '?type=nonsense')).json).toMatchObject({
      code: 300,
      errors: [{ field: 'type' }],
    });
  });

  it.each(['0', '301', 'x', '1.5'])('refuses page_size %s', async (size) => {
    const { access } = await connect(sandbox);
    expect(await list(access, `?page_size=${size}`)).toMatchObject({
      status: 400,
      json: {
        code: 300,
        message: 'Validation Failed.',
        errors: [{ field: 'page_size', message: 'Invalid field.' }],
      },
    });
  });

  it('accepts a page token for its query and its user only, for fifteen minutes', async () => {
    const { access } = await connect(sandbox);
    const free = await connect(sandbox, userId(1));
    const token = encodeURIComponent((await list(access, '?page_size=10')).json.next_page_token);
    expect((await list(access, `?page_size=20&next_page_token=${token}`)).status).toBe(400);
    expect((await list(free.access, `?page_size=10&next_page_token=${token}`)).status).toBe(400);
    expect((await list(access, '?page_size=10&next_page_token=nonsense')).status).toBe(400);
    expect((await list(access, `?next_page_token=${token}&page_size=10`)).status).toBe(200);
    await sandbox.control.advanceClock(15 * 60_000);
    expect((await list(access, `?page_size=10&next_page_token=${token}`)).status).toBe(400);
  });

  it('lists two meetings of the free user, none of another, and what is added', async () => {
    const total = async (access: string) => (await list(access)).json.total_records;
    expect(await total((await connect(sandbox, userId(1))).access)).toBe(2);
    const { access } = await connect(sandbox, userId(2));
    expect(await total(access)).toBe(0);
    sandbox.control.addMeetings(userId(2), 4);
    expect(await total(access)).toBe(4);
  });

  it('leaves out the legacy page fields if legacyPageFields is off', async () => {
    sandbox.control.configure({ legacyPageFields: false });
    const { access } = await connect(sandbox);
    expect((await list(access)).json).not.toHaveProperty('page_count');
  });
});

import { startSandbox, type Sandbox } from '../../../src/dev/sandbox/sandbox.js';
import { api, connect, read, REDIRECT_URI, type Json } from './client.js';

let sandbox: Sandbox;
let access: string;
beforeAll(async () => {
  sandbox = await startSandbox({
    app: { redirectUris: [REDIRECT_URI] },
    clock: () => new Date('2026-06-30T12:00:00Z'),
  });
});
beforeEach(async () => {
  sandbox.control.reset();
  ({ access } = await connect(sandbox));
});
afterAll(() => sandbox.close());

const list = (query = '') => api(sandbox, `/v2/users/me/recordings${query}`, access);
const june = '?from=2026-06-01&to=2026-06-30';

describe('listing recordings', () => {
  it('covers today and tomorrow by default, where there is nothing', async () => {
    expect((await list()).json).toMatchObject({
      from: '2026-06-30',
      to: '2026-07-01',
      total_records: 0,
      next_page_token: '',
      meetings: [],
    });
  });

  it('finds the recordings of one month', async () => {
    const { meetings } = (await list(june)).json;
    expect(meetings.map(({ start_time }: Json) => start_time.slice(0, 10))).toEqual([
      '2026-06-28',
      '2026-06-23',
      '2026-06-21',
    ]);
    expect(meetings[0]).toMatchObject({ type: '8', recording_count: 4, total_size: 10_000_000 });
    expect(meetings[0].share_url).toEqual(expect.any(String));
    expect(meetings[1]).not.toHaveProperty('share_url');
    expect(meetings[2].uuid).toMatch(/^\//);
    expect(meetings[2].recording_play_passcode).not.toBe('');
    expect(meetings[0].id).toBe(meetings[2].id);
  });

  it('has caption and timeline files without the usual fields', async () => {
    const { meetings } = (await list(june)).json;
    const bare = meetings[1].recording_files.filter(({ id }: Json) => id === undefined);
    expect(bare.map(({ file_type }: Json) => file_type)).toEqual(['CC', 'TIMELINE']);
    for (const file of bare) {
      expect(Object.keys(file).sort()).toEqual([
        'download_url',
        'file_extension',
        'file_type',
        'meeting_id',
        'recording_end',
        'recording_start',
      ]);
    }
  });

  it('clamps a range over one month, or refuses it if recordingRange is error', async () => {
    const query = '?from=2026-03-01&to=2026-06-30';
    expect((await list(query)).json).toMatchObject({ from: '2026-03-01', to: '2026-04-01' });
    sandbox.control.configure({ recordingRange: 'error' });
    expect((await list(query)).json.code).toBe(300);
  });

  it('needs several ranges to see more than three months', async () => {
    const dates = ['2026-03', '2026-04', '2026-05', '2026-06'];
    const found = await Promise.all(
      dates.map(async (month) => (await list(`?from=${month}-01&to=${month}-30`)).json.total_records),
    );
    expect(found).toEqual([1, 1, 1, 3]);
  });

  it.each(['?from=yesterday', '?from=2026-02-30', '?from=2026-06-30&to=2026-06-01'])(
    'refuses %s',
    async (query) => {
      expect(await list(query)).toMatchObject({ status: 400, json: { code: 300 } });
    },
  );

  it('filters by meeting number and has an empty trash', async () => {
    const { meetings } = (await list(june)).json;
    expect((await list(`${june}&meeting_id=${meetings[1].id}`)).json.total_records).toBe(1);
    expect((await list(`${june}&trash=true`)).json.meetings).toEqual([]);
  });

  it.each([
    ['', ['8', '2']],
    ['&recording_source_type=cloud_recording_only', ['8']],
    ['&recording_source_type=my_notes_recording_only', ['2']],
  ])('with the query %j contains those of the types %j', async (query, types) => {
    const { json } = await list(`?from=2026-02-20&to=2026-03-20${query}`);
    expect(
      json.meetings
        .map(({ type }: Json) => type)
        .toSorted()
        .toReversed(),
    ).toEqual(types);
    expect(JSON.stringify(json)).not.toContain('isMyNotes');
  });

  it('of an unknown source is refused', async () => {
    expect(await list('?recording_source_type=all')).toMatchObject({ status: 400, json: { code: 300 } });
  });

  it('without any recording is 404/3301 if noRecordings is error', async () => {
    sandbox.control.configure({ noRecordings: 'error' });
    expect(await list()).toMatchObject({
      status: 404,
      json: { code: 3301, message: 'There is no recording for this session.' },
    });
    expect((await list(june)).json.total_records).toBe(3);
  });

  it('is not open to a free user', async () => {
    ({ access } = await connect(sandbox, sandbox.control.users()[1]?.id));
    expect(await list()).toMatchObject({
      status: 400,
      json: { code: 200, message: expect.stringContaining('Only available for paid account') },
    });
  });
});

describe('the recordings of one meeting', () => {
  const get = (key: string | number, query = '') =>
    api(sandbox, `/v2/meetings/${key}/recordings${query}`, access);

  it('by number are those of the latest instance', async () => {
    const [latest, , earlier] = (await list(june)).json.meetings;
    const { json } = await get(latest.id);
    expect(json).toMatchObject({ uuid: latest.uuid, password: '', participant_audio_files: [] });
    const twice = encodeURIComponent(encodeURIComponent(earlier.uuid));
    expect((await get(twice)).json).toMatchObject({ uuid: earlier.uuid, password: 'Sbx-2Pass' });
    expect((await get(encodeURIComponent(earlier.uuid))).status).toBe(404);
  });

  it('are an error of its own for a meeting without a recording and for an unknown meeting', async () => {
    const { meetings } = (await api(sandbox, '/v2/users/me/meetings', access)).json;
    const plain = meetings.find(({ topic }: Json) => topic === 'Coaching session 1');
    expect(await get(plain.id)).toMatchObject({
      status: 404,
      json: { code: 3301, message: 'There is no recording for this meeting.' },
    });
    expect(await get(80000000000)).toMatchObject({ status: 404, json: { code: 3001 } });
  });

  it('contain a download token only on request', async () => {
    const [{ id }] = (await list(june)).json.meetings;
    expect((await get(id)).json).not.toHaveProperty('download_access_token');
    expect((await get(id, '?include_fields=download_access_token&ttl=604801')).status).toBe(400);
    const { json } = await get(id, '?include_fields=download_access_token&ttl=60');
    const url = new URL(json.recording_files[0].download_url).pathname;
    expect((await api(sandbox, url, json.download_access_token)).status).toBe(302);
    await sandbox.control.advanceClock(60_000);
    expect((await api(sandbox, url, json.download_access_token)).status).toBe(401);
  });
});

describe('downloading a file', () => {
  const fileUrl = async () => (await list(june)).json.meetings[0].recording_files[0].download_url as string;

  it('needs a Bearer token and redirects to an address that needs none', async () => {
    const url = await fileUrl();
    expect((await read(await fetch(url))).json).toEqual({ code: 124, message: 'Invalid access token.' });
    expect((await read(await fetch(`${url}?access_token=${access}`))).json.message).toContain(
      'query parameter',
    );
    const headers = { authorization: `Bearer ${access}` };
    const redirect = await fetch(url, { headers, redirect: 'manual' });
    expect(redirect.status).toBe(302);
    expect((await read(await fetch(redirect.headers.get('location') ?? ''))).text).toBe(
      'Sandbox recording MP4\n',
    );
    expect((await read(await fetch(url, { headers }))).text).toBe('Sandbox recording MP4\n');
  });

  it('is refused to others, without a signature and for unknown files', async () => {
    const url = await fileUrl();
    const { access: other } = await connect(sandbox, sandbox.control.users()[1]?.id);
    expect((await api(sandbox, new URL(url).pathname, other)).status).toBe(401);
    expect((await fetch(url.replace('/download/', '/file/'))).status).toBe(403);
    expect((await api(sandbox, '/rec/download/unknown', access)).status).toBe(404);
  });
});

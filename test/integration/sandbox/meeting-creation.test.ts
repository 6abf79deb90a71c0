import { type Sandbox } from '../../../src/dev/sandbox/sandbox.js';
import { meetingKey } from '../../../src/zoom/meetings/meeting-key.js';
import { api, connect, shareSandbox } from './client.js';

let sandbox: Sandbox;
let access: string;
shareSandbox((shared) => ({ sandbox, access } = shared));

const send = (method: string, path: string, body?: unknown) =>
  api(sandbox, path, access, {
    method,
    headers: { 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
const create = (body: unknown) => send('POST', '/v2/users/me/meetings', body);
const get = async (key: string | number) => api(sandbox, `/v2/meetings/${key}`, access);

describe('creating a meeting', () => {
  it('answers 201 with the meeting, which can then be read and is listed', async () => {
    const created = await create({
      topic: 'First talk',
      start_time: '2026-03-02T09:00:00Z',
      duration: 45,
      agenda: 'Hello',
    });
    expect(created.status).toBe(201);
    expect(created.json).toMatchObject({
      uuid: expect.stringMatching(/^[A-Za-z0-9+/]{22}==$/),
      host_email: 'licensed.coach@example.com',
      topic: 'First talk',
      type: 2,
      status: 'waiting',
      start_time: '2026-03-02T09:00:00Z',
      duration: 45,
      timezone: 'Europe/Berlin',
      agenda: 'Hello',
      start_url: expect.stringMatching(/\/s\/\d{11}\?zak=/),
      join_url: expect.stringMatching(/\/j\/\d{11}\?pwd=/),
      creation_source: 'open_api',
      pre_schedule: false,
    });
    const found = (await get(created.json.id)).json;
    expect({ ...found, start_url: '' }).toEqual({ ...created.json, start_url: '' });
    expect(found.start_url).not.toBe(created.json.start_url);
    expect((await get(meetingKey(created.json.uuid, 'uuid'))).json.id).toBe(created.json.id);
    const list = await api(sandbox, '/v2/users/me/meetings?page_size=300', access);
    expect(list.json.meetings).toContainEqual(expect.objectContaining({ id: created.json.id }));
  });

  it.each([
    ['2026-07-02T09:00:00', 'Europe/Berlin', '2026-07-02T07:00:00Z'],
    ['2026-12-02T09:00:00', 'America/New_York', '2026-12-02T14:00:00Z'],
    ['2026-12-02T09:00:00', undefined, '2026-12-02T08:00:00Z'],
    ['2026-12-02T09:00:00Z', 'America/New_York', '2026-12-02T09:00:00Z'],
  ])('reads %s in time zone %s as %s', async (start_time, timezone, utc) => {
    expect((await create({ start_time, timezone })).json.start_time).toBe(utc);
  });

  it('in the past starts now', async () => {
    expect((await create({ start_time: '2020-01-01T00:00:00Z' })).json.start_time).toBe(
      '2026-03-01T12:00:00Z',
    );
  });

  it('without a fixed time has no start_time', async () => {
    const { json } = await create({ type: 3 });
    expect(json).not.toHaveProperty('start_time');
    expect(json).not.toHaveProperty('occurrences');
  });

  it('of a series keeps the local start time when daylight saving time begins', async () => {
    const { json } = await create({
      type: 8,
      start_time: '2026-03-23T09:00:00',
      duration: 30,
      recurrence: { type: 2, repeat_interval: 1, weekly_days: '2', end_times: 2 },
    });
    expect(json.occurrences).toEqual([
      {
        occurrence_id: '1774252800000',
        start_time: '2026-03-23T08:00:00Z',
        duration: 30,
        status: 'available',
      },
      {
        occurrence_id: '1774854000000',
        start_time: '2026-03-30T07:00:00Z',
        duration: 30,
        status: 'available',
      },
    ]);
  });

  it.each([
    [{ topic: 'x'.repeat(201) }, 'topic'],
    [{ type: 4 }, 'type'],
    [{ start_time: 'tomorrow' }, 'start_time'],
    [{ start_time: '2026-13-01T00:00:00Z' }, 'start_time'],
    [{ duration: 0 }, 'duration'],
    [{ timezone: 'Mars/Olympus' }, 'timezone'],
    [{ password: 'too long password' }, 'password'],
    [{ agenda: 'x'.repeat(2001) }, 'agenda'],
    [{ type: 8 }, 'recurrence'],
    [{ type: 8, recurrence: { type: 9 } }, 'recurrence.type'],
  ])('refuses %j', async (body, field) => {
    expect(await create(body)).toMatchObject({
      status: 400,
      json: { code: 300, message: 'Validation Failed.', errors: [{ field, message: 'Invalid field.' }] },
    });
  });

  it.each(['{"topic":', '[]', '"text"', 'null'])('refuses the body %s', async (body) => {
    expect(await create(body)).toMatchObject({
      status: 400,
      json: { code: 300, message: 'Request Body should be a valid JSON object.' },
    });
  });

  it('is refused for a bad token before the body is read', async () => {
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"topic":' };
    expect((await api(sandbox, '/v2/users/me/meetings', 'garbage', init)).json.code).toBe(124);
  });

  it('drops settings that a free host may not use, without an error', async () => {
    ({ access } = await connect(sandbox, sandbox.control.users()[1]?.id));
    const settings = {
      waiting_room: true,
      registrants_email_notification: true,
      breakout_room: { enable: true },
    };
    expect((await create({ settings })).json.settings).toEqual({ waiting_room: true });
  });
});

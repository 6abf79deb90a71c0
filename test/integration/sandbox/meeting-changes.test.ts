import { type Sandbox } from '../../../src/dev/sandbox/sandbox.js';
import { api, connect, type Json, shareSandbox } from './client.js';

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

async function trapUuid(topic: string): Promise<string> {
  const { meetings } = (await api(sandbox, '/v2/users/me/meetings?page_size=300', access)).json;
  return meetings.find((meeting: Json) => meeting.topic === topic).uuid;
}

describe('changing a meeting', () => {
  it('answers 204 without a body and keeps the fields that were not sent', async () => {
    const { json } = await create({
      topic: 'Old',
      start_time: '2026-03-02T09:00:00Z',
      settings: { a: 1, b: 1 },
    });
    const answer = await send('PATCH', `/v2/meetings/${json.id}`, { topic: 'New', settings: { b: 2 } });
    expect(answer).toMatchObject({ status: 204, text: '' });
    expect((await get(json.id)).json).toMatchObject({
      topic: 'New',
      start_time: '2026-03-02T09:00:00Z',
      settings: { a: 1, b: 2 },
    });
  });

  it('ignores a start in the past without an error', async () => {
    const { json } = await create({ start_time: '2026-03-02T09:00:00Z' });
    const answer = await send('PATCH', `/v2/meetings/${json.id}`, { start_time: '2020-01-01T00:00:00Z' });
    expect(answer.status).toBe(204);
    expect((await get(json.id)).json.start_time).toBe('2026-03-02T09:00:00Z');
  });

  it('moves one occurrence of a series', async () => {
    const recurrence = { type: 1, repeat_interval: 1, end_times: 3 };
    const { json } = await create({ type: 8, start_time: '2026-03-02T09:00:00Z', recurrence });
    const [first, second] = json.occurrences;
    const path = `/v2/meetings/${json.id}?occurrence_id=${second.occurrence_id}`;
    expect((await send('PATCH', path, { start_time: '2026-03-03T15:00:00Z', duration: 15 })).status).toBe(
      204,
    );
    const { occurrences } = (await get(json.id)).json;
    expect(occurrences.slice(0, 2)).toEqual([
      first,
      { ...second, start_time: '2026-03-03T15:00:00Z', duration: 15 },
    ]);
  });

  it('accepts a hundred creations and changes a day, counted until midnight UTC', async () => {
    const { json } = await create({ topic: 'First of a hundred' });
    for (let times = 1; times < 100; times += 1)
      await send('PATCH', `/v2/meetings/${json.id}`, { topic: 'Again' });
    expect(await create({})).toMatchObject({
      status: 429,
      json: {
        code: 429,
        message:
          'You have exceeded the daily rate limit (100) of Meeting Create/Update API requests permitted for this particular user. You may resume these requests at GMT 00:00:00.',
      },
    });
    await sandbox.control.advanceClock(12 * 3_600_000);
    ({ access } = await connect(sandbox));
    expect((await create({})).status).toBe(201);
  });
});

describe('deleting a meeting', () => {
  it('answers 204, and the meeting is gone', async () => {
    const { json } = await create({});
    expect(await send('DELETE', `/v2/meetings/${json.id}`)).toMatchObject({ status: 204, text: '' });
    expect(await get(json.id)).toMatchObject({
      status: 404,
      json: { code: 3001, message: `Meeting does not exist: ${json.id}.` },
    });
  });

  it('by occurrence keeps the occurrence with the status deleted', async () => {
    const recurrence = { type: 1, end_times: 2 };
    const { json } = await create({ type: 8, start_time: '2026-03-02T09:00:00Z', recurrence });
    const path = `/v2/meetings/${json.id}?occurrence_id=`;
    expect((await send('DELETE', `${path}${json.occurrences[0].occurrence_id}`)).status).toBe(204);
    await send('PATCH', `/v2/meetings/${json.id}`, { topic: 'Renamed' });
    const { occurrences } = (await get(json.id)).json;
    expect(occurrences.map(({ status }: Json) => status)).toEqual(['deleted', 'available']);
    expect((await send('DELETE', `${path}1`)).json.errors[0].field).toBe('occurrence_id');
  });
});

describe('the key in the path', () => {
  it.each(['UUID with a leading slash', 'UUID with a double slash'])(
    '%s must be encoded twice',
    async (topic) => {
      const uuid = await trapUuid(topic);
      const once = encodeURIComponent(uuid);
      expect((await get(encodeURIComponent(once))).json.topic).toBe(topic);
      expect(await get(once)).toMatchObject({ status: 404, json: { code: 3001 } });
    },
  );

  it('of the meeting of another user finds nothing', async () => {
    const { json } = await create({});
    ({ access } = await connect(sandbox, sandbox.control.users()[1]?.id));
    expect((await get(json.id)).json.code).toBe(3001);
  });
});

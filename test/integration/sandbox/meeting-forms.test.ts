import { type Sandbox } from '../../../src/dev/sandbox/sandbox.js';
import { api, connect, create as createMeeting, send, type Json, shareSandbox } from './client.js';

let sandbox: Sandbox;
let access: string;
shareSandbox((shared) => ({ sandbox, access } = shared));

const create = (body: object) => createMeeting(sandbox, access, body);
const get = async (id: number, query = '') => (await api(sandbox, `/v2/meetings/${id}${query}`, access)).json;
const patch = (id: number, body: object, query = '') =>
  send(sandbox, 'PATCH', `/v2/meetings/${id}${query}`, access, body);
const remove = (id: number) => api(sandbox, `/v2/meetings/${id}`, access, { method: 'DELETE' });
const series = (recurrence: object, start_time = '2026-03-02T09:00:00Z') =>
  create({ type: 8, start_time, agenda: 'All', recurrence: { type: 1, end_times: 3, ...recurrence } });

describe('what other clients send', () => {
  it('agenda null is no agenda, also in a change', async () => {
    const { status, json } = await create({ agenda: null });
    expect([status, json.agenda]).toEqual([201, undefined]);
    await patch(json.id, { agenda: 'Some' });
    expect((await get(json.id)).agenda).toBe('Some');
    await patch(json.id, { agenda: null });
    expect(await get(json.id)).not.toHaveProperty('agenda');
  });

  it('weekly_days as a number and an end with milliseconds are accepted', async () => {
    const rule = { type: 2, weekly_days: 2, end_times: undefined, end_date_time: '2026-03-20T23:59:00.000Z' };
    const { status, json } = await series(rule);
    expect(status).toBe(201);
    expect(json.occurrences.map(({ start_time }: Json) => start_time.slice(0, 10))).toEqual([
      '2026-03-02',
      '2026-03-09',
      '2026-03-16',
    ]);
  });

  it.each([
    [1, 99, 201],
    [1, 100, 400],
    [2, 50, 201],
    [2, 51, 400],
    [3, 10, 201],
    [3, 11, 400],
    [3, 0, 400],
  ])('a rule of type %i with the interval %i gets %i', async (type, repeat_interval, status) => {
    const answer = await series({ type, repeat_interval });
    expect(answer.status).toBe(status);
    if (status === 400) expect(answer.json.errors[0].field).toBe('recurrence.repeat_interval');
  });

  it('end_times 0 is a series without an end', async () => {
    expect((await series({ end_times: 0 })).json.occurrences).toHaveLength(60);
  });

  it.each([
    ['POST', 'a!#1', 201],
    ['POST', '~"\'|', 201],
    ['POST', 'two words', 400],
    ['POST', '12345678901', 400],
    ['PATCH', 'a@-_*', 204],
    ['PATCH', 'a!#1', 400],
  ])('%s with the passcode %j gets %i', async (method, password, status) => {
    const { json } = await create({});
    const answer = method === 'POST' ? await create({ password }) : await patch(json.id, { password });
    expect(answer.status).toBe(status);
  });

  it('default_password false is no passcode, unless the request names one', async () => {
    const { json } = await create({ default_password: false });
    expect(json).not.toHaveProperty('password');
    expect(json).not.toHaveProperty('encrypted_password');
    expect(json.join_url).not.toContain('pwd=');
    expect((await create({ default_password: false, password: 'abc1' })).json.password).toBe('abc1');
    await patch(json.id, { default_password: true });
    expect(await get(json.id)).not.toHaveProperty('password');
    expect((await create({ default_password: true })).json.password).not.toBe('');
  });

  it('a waiting room switches joining before the host off', async () => {
    const settings = { waiting_room: true, join_before_host: true };
    const { json } = await create({ settings });
    expect(json.settings).toEqual({ waiting_room: true, join_before_host: false });
    const other = (await create({ settings: { join_before_host: true } })).json;
    await patch(other.id, { settings: { waiting_room: true } });
    expect((await get(other.id)).settings).toEqual({ waiting_room: true, join_before_host: false });
  });
});

describe('the personal room', () => {
  it.each([
    ['the setting of the user', true, {}, true],
    ['the request', false, { settings: { use_pmi: true } }, true],
    ['nobody', false, {}, false],
    ['the request refuses the setting of the user', true, { settings: { use_pmi: false } }, false],
    ['the user, but not for a series', true, { type: 8, recurrence: { type: 1 } }, false],
  ])('is wanted by %s', async (_what, usePmi, body, isPersonal) => {
    const host = sandbox.control.addUser({ usePmi, pmi: 3_000_000_001 });
    ({ access } = await connect(sandbox, host.id));
    const ids = [(await create(body)).json.id, (await create(body)).json.id] as number[];
    expect(ids.every((id) => id === host.pmi)).toBe(isPersonal);
    if (isPersonal)
      expect(await get(host.pmi)).toMatchObject({ pmi: '3000000001', settings: { use_pmi: true } });
    else expect(ids[0]).not.toBe(ids[1]);
  });
});

describe('one date of a series', () => {
  it('takes agenda, start, duration and some settings, and ignores the rest', async () => {
    const { json } = await series({});
    const date = `?occurrence_id=${json.occurrences[1].occurrence_id}`;
    const settings = { host_video: true, waiting_room: true, allow_multiple_devices: true };
    const wanted = { agenda: 'This one', start_time: '2026-03-03T15:00:00Z', duration: 15, settings };
    const ignored = { topic: 'Other', password: 'other', timezone: 'Asia/Tokyo', recurrence: { type: 2 } };
    expect((await patch(json.id, { ...wanted, ...ignored }, date)).status).toBe(204);
    const whole = await get(json.id);
    expect(whole).toMatchObject({ agenda: 'All', settings: {}, recurrence: { type: 1 }, topic: json.topic });
    expect(whole.settings).toEqual({});
    expect(Object.keys(whole.occurrences[1])).toEqual(['occurrence_id', 'start_time', 'duration', 'status']);
    expect(await get(json.id, date)).toMatchObject({
      ...wanted,
      settings: { host_video: true, waiting_room: true },
      topic: json.topic,
      password: json.password,
      timezone: json.timezone,
    });
    expect((await get(json.id, date)).settings).not.toHaveProperty('allow_multiple_devices');
  });

  it.each(['', '1', 'x'])('with the id %j is refused', async (id) => {
    const { json } = await series({});
    const path = `?occurrence_id=${id}`;
    expect((await get(json.id, path)).errors[0].field).toBe('occurrence_id');
    expect((await patch(json.id, { duration: 5 }, path)).json.errors[0].field).toBe('occurrence_id');
  });

  it('that is over is listed with show_previous_occurrences only', async () => {
    const { json } = await series({});
    await sandbox.control.advanceClock(2 * 86_400_000);
    ({ access } = await connect(sandbox));
    const listed = async (query: string) => (await get(json.id, query)).occurrences.length as number;
    expect([await listed(''), await listed('?show_previous_occurrences=true')]).toEqual([1, 3]);
  });
});

describe('deleting', () => {
  it('a meeting in progress is refused with 3002, and one that has ended with 3007', async () => {
    const { id } = (await create({})).json;
    sandbox.control.startMeeting(id);
    expect((await api(sandbox, '/v2/users/me/meetings?type=live', access)).json.total_records).toBe(1);
    expect(await remove(id)).toMatchObject({ status: 400, json: { code: 3002 } });
    sandbox.control.endMeeting(id);
    expect(await remove(id)).toMatchObject({ status: 400, json: { code: 3007 } });
    expect(await get(id)).toMatchObject({ id, status: 'waiting' });
    expect(await get(id)).not.toHaveProperty('hasEnded');
    expect(() => sandbox.control.startMeeting(1)).toThrow('no meeting 1');
  });

  it('or changing the meeting of another host of the account is refused with 3003', async () => {
    const { id } = (await create({})).json;
    ({ access } = await connect(sandbox, sandbox.control.users()[1]?.id));
    const refused = { status: 400, json: { code: 3003, message: 'You are not the meeting host.' } };
    expect(await remove(id)).toMatchObject(refused);
    expect(await patch(id, { topic: 'Mine' })).toMatchObject(refused);
    expect((await get(id)).code).toBe(3001);
    ({ access } = await connect(sandbox, sandbox.control.addUser({ accountId: 'another-account' }).id));
    expect(await remove(id)).toMatchObject({ status: 404, json: { code: 3001 } });
  });
});

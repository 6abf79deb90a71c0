import { randomInt } from 'node:crypto';
import { HostedMeetingStore } from '../../src/meetings/hosted-meeting-store.js';
import { type HostedMeeting } from '../../src/models/hosted-meeting.js';
import { type Harness, someUser, startHarness } from '../support/harness.js';
import { codeOf, inAnHour, meetingOperations, SANDBOX_APP } from '../support/meetings.js';

const DAY = 86_400_000;

let harness: Harness;
let meetings: ReturnType<typeof meetingOperations>;
beforeAll(async () => {
  harness = await startHarness({ config: { fallbacks: { zoomApp: SANDBOX_APP } } });
  meetings = meetingOperations(harness);
});
afterAll(() => harness.close());

const rowOf = (meetingId: string) => harness.database.models.hostedMeetings.findOne({ meetingId }).lean();
const someNumber = () => String(randomInt(1e10, 1e11));

describe('a number that Zoom gives out again', () => {
  const replaced: [HostedMeeting, HostedMeeting][] = [];
  const store = () =>
    new HostedMeetingStore(harness.database.models, async (former, meeting) => {
      replaced.push([former, meeting]);
    });
  const meetingOf = (userId: string, meetingId: string, createdAt: string): HostedMeeting => ({
    userId,
    meetingId,
    hostedBy: 'APP',
    createdAt: new Date(createdAt),
  });
  beforeEach(() => replaced.splice(0));

  test.each([
    ['later', '2026-01-02T00:00:00Z'],
    ['in the same millisecond', '2026-01-01T00:00:00Z'],
  ])('belongs to who got it last, %s', async (_when, createdAt) => {
    const id = someNumber();
    const first = meetingOf('first', id, '2026-01-01T00:00:00Z');
    await store().record(Object.assign(first, { topic: 'a secret', joinUrl: 'x' }));
    await store().record(meetingOf('second', id, createdAt));
    const row = await rowOf(id);
    expect(row).toMatchObject({ userId: 'second', createdAt: new Date(createdAt) });
    expect(JSON.stringify(row)).not.toContain('a secret');
    expect(replaced.map((pair) => pair.map(({ userId }) => userId))).toEqual([['first', 'second']]);
  });

  test('stays with the newer owner when the record of the older meeting comes late', async () => {
    const id = someNumber();
    await store().record(meetingOf('second', id, '2026-01-02T00:00:00Z'));
    await store().record(meetingOf('first', id, '2026-01-01T00:00:00Z'));
    expect(await rowOf(id)).toMatchObject({ userId: 'second' });
    expect(replaced).toEqual([]);
  });

  test('has one owner when many are recorded at once: the newest', async () => {
    const id = someNumber();
    const all = Array.from({ length: 8 }, (_, n) =>
      meetingOf(`user-${n}`, id, `2026-01-0${n + 1}T00:00:00Z`),
    );
    await Promise.all([...all, ...all].map((meeting) => store().record(meeting)));
    expect(await rowOf(id)).toMatchObject({ userId: 'user-7' });
    expect(await harness.database.models.hostedMeetings.countDocuments({ meetingId: id })).toBe(1);
  });

  test('is recorded once by a write that is repeated', async () => {
    const id = someNumber();
    const meeting = meetingOf('first', id, '2026-01-01T00:00:00Z');
    await store().record(meeting);
    const before = await rowOf(id);
    await store().record(meeting);
    expect([await rowOf(id), replaced]).toEqual([before, []]);
  });

  test('is not forgotten by the former owner', async () => {
    const id = someNumber();
    await store().record(meetingOf('second', id, '2026-01-02T00:00:00Z'));
    await store().remove(id, 'first');
    expect(await rowOf(id)).toMatchObject({ userId: 'second' });
  });

  test('is no longer reached by the former owner, whose trail and the log say so', async () => {
    const [former, heir] = [someUser(), someUser()];
    const { data } = await meetings.create(heir, inAnHour(harness));
    const id = data.createZoomMeeting.meeting.id as string;
    // As if Zoom had given the number to the former owner before.
    const { hostedMeetings } = harness.database.models;
    const row = await hostedMeetings.findOneAndUpdate({ meetingId: id }, { $set: { userId: former } }).lean();
    harness.sandbox.control.injectFault({
      target: 'api',
      kind: 'status',
      status: 201,
      body: { id: Number(id), host_id: row?.zoomHostId, topic: 'Of the heir' },
      path: '/v2/users/',
    });
    await meetings.create(heir, inAnHour(harness));
    expect((await meetings.read(heir, id)).data.zoomMeeting.id).toBe(id);
    expect(codeOf(await meetings.read(former, id))).toBe('ZOOM_NOT_CONNECTED');
    const trail = await harness.database.models.auditEvents.find({ userId: former }).lean();
    expect(trail).toMatchObject([
      { type: 'meeting.replaced', cause: 'APP', meetingId: id, actor: { kind: 'system' } },
    ]);
    expect(JSON.stringify(trail)).not.toContain(heir);
    expect(harness.log.lines).toContainEqual(
      expect.objectContaining({ level: 'error', userId: former, meetingId: id }),
    );
  });
});

describe('the record of a hosted meeting', () => {
  const endOf = async (id: string) => (await rowOf(id))?.expiresAt?.getTime() ?? 0;
  async function created() {
    const owner = someUser();
    const { data } = await meetings.create(owner, inAnHour(harness));
    return { owner, id: data.createZoomMeeting.meeting.id as string };
  }

  test('has an end, and names the host', async () => {
    const { id } = await created();
    expect(await rowOf(id)).toMatchObject({ zoomHostId: expect.any(String) });
    const left = (await endOf(id)) - harness.clock().getTime();
    expect(Math.round(left / DAY)).toBe(365);
  });

  test('is kept longer when its owner moves the meeting, and when an older record is used', async () => {
    const { owner, id } = await created();
    const startTime = new Date(harness.clock().getTime() + 300 * DAY).toISOString();
    await meetings.update(owner, { id, startTime });
    expect(Math.round(((await endOf(id)) - harness.clock().getTime()) / DAY)).toBe(665);
    await harness.database.models.hostedMeetings.updateOne({ meetingId: id }, { $unset: { expiresAt: 1 } });
    await meetings.read(owner, id);
    expect(await endOf(id)).toBeGreaterThan(harness.clock().getTime() + 600 * DAY);
  });

  test('is not renewed by a stranger', async () => {
    const { id } = await created();
    await harness.database.models.hostedMeetings.updateOne({ meetingId: id }, { $unset: { expiresAt: 1 } });
    await meetings.read(someUser(), id);
    expect(await endOf(id)).toBe(0);
  });
});

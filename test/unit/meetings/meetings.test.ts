import { type AuditRecord } from '../../../src/audit/audit-log.js';
import { AppError, type ErrorCode, type ErrorDetails } from '../../../src/lib/errors.js';
import { type HostedMeetingStore } from '../../../src/meetings/hosted-meeting-store.js';
import { type IdempotentCreations } from '../../../src/meetings/idempotent-creations.js';
import { type MeetingCaller } from '../../../src/meetings/meeting-caller.js';
import { type MeetingCreator } from '../../../src/meetings/meeting-creator.js';
import { MeetingOwnership } from '../../../src/meetings/meeting-ownership.js';
import { Meetings } from '../../../src/meetings/meetings.js';
import { type AuditLog } from '../../../src/audit/audit-log.js';
import {
  type HostedMeeting,
  type MeetingHost,
  type PlatformHost,
} from '../../../src/models/hosted-meeting.js';
import { type MeetingCreation } from '../../../src/models/meeting-creation.js';
import { type ZoomAccess } from '../../../src/zoom/api/zoom-access.js';
import { recordingLogger } from '../../support/recording-logger.js';
import { zoomAnswering } from '../../support/zoom-answering.js';

const ID = '86000000001';
const MEETING = { id: Number(ID), topic: 'Coaching' };
const GONE = { code: 3001, message: `Meeting does not exist: ${ID}.` };

interface Answer {
  status: number;
  body?: unknown;
}
const answered = (status: number, body?: unknown): Answer => ({ status, body });

/** Meetings before a Zoom that answers each method in a fixed way, and what was sent to it. */
function meetingsWith({
  answers = {},
  rows = [],
  user,
}: {
  answers?: Partial<Record<string, Answer | (() => never)>>;
  rows?: HostedMeeting[];
  /** Access to the user's own account; default: the same as the app's. */
  user?: ZoomAccess;
} = {}) {
  const sent: string[] = [];
  const { zoom } = zoomAnswering((url, { method = 'GET' }) => {
    sent.push(`${method} ${url.pathname}${url.search}`);
    const answer = answers[method] ?? answered(200, MEETING);
    if (typeof answer === 'function') return answer();
    const { status, body } = answer;
    const text = typeof body === 'string' && body.startsWith('<') ? body : JSON.stringify(body);
    return new Response(body === undefined ? null : text, { status });
  });
  const log = recordingLogger();
  const trail: AuditRecord[] = [];
  const audit = {
    record: (record: AuditRecord) => Promise.resolve(void trail.push(record)),
    hasDeletedHostedMeeting: (userId: string, meetingId: string) =>
      Promise.resolve(
        trail.some(
          (event) =>
            event.type === 'meeting.deleted' &&
            event.userId === userId &&
            event.meetingId === meetingId &&
            event.cause !== 'USER',
        ),
      ),
  } as unknown as AuditLog;
  const hosted = {
    find: (id: string) => Promise.resolve(rows.find(({ meetingId }) => meetingId === id)),
    remove: (id: string, userId: string) => {
      const isLeft = (row: HostedMeeting) => row.meetingId !== id || row.userId !== userId;
      rows.splice(0, Infinity, ...rows.filter(isLeft));
      return Promise.resolve();
    },
    keepUntil: (row: HostedMeeting, expiresAt: Date) =>
      Promise.resolve(void Object.assign(row, { expiresAt })),
  } as unknown as HostedMeetingStore;
  const creations = {
    run: (
      _key: unknown,
      _create: unknown,
      replay: (first: MeetingCreation) => Promise<unknown>,
    ): Promise<unknown> => replay({ meetingId: ID } as MeetingCreation),
  } as unknown as IdempotentCreations;
  const clock = () => new Date('2026-01-15T12:00:00Z');
  const meetings = new Meetings({
    audit,
    ownership: new MeetingOwnership({ app: zoom, hosted, audit, clock, logger: log.logger }),
    creator: {} as MeetingCreator,
    creations,
    clock,
    logger: log.logger,
  });
  const caller: MeetingCaller = {
    userId: 'coach',
    initiator: { actor: { kind: 'user' } },
    zoom: user ?? zoom,
    zoomUserId: () => Promise.resolve(undefined),
  };
  return { meetings, caller, sent, rows, trail, log };
}

const hostedRow = (hostedBy: PlatformHost, userId = 'coach', meetingId = ID): HostedMeeting => ({
  meetingId,
  userId,
  hostedBy,
  createdAt: new Date('2026-01-01T00:00:00Z'),
});
const throwing = (error: Error) => () => {
  throw error;
};
/** The user's own account, which fails with an error of this code. */
const userWith = (code: ErrorCode, details: ErrorDetails = {}) =>
  ({ call: () => Promise.reject(new AppError(code, details)) }) as unknown as ZoomAccess;

describe('an update that Zoom has made', () => {
  test.each<[string, Answer | (() => never)]>([
    ['a meeting with odd fields', answered(200, { id: ID, duration: '60', settings: [], type: {} })],
    ['a refusal', answered(400, { code: 1010, message: 'User does not belong to this account.' })],
    ['that the meeting is gone', answered(404, GONE)],
    [
      'a missing scope',
      answered(400, { code: 4711, message: 'does not contain scopes:[meeting:read:meeting]' }),
    ],
    ['a refused token', answered(401, { code: 124, message: 'Invalid access token.' })],
    ['a limit', answered(429, { code: 429, message: 'a daily limit' })],
    ['an outage', answered(502, 'Bad gateway')],
    ['nothing', answered(200)],
    ['null', answered(200, null)],
    ['a list', answered(200, [])],
    ['text', answered(200, 'ok')],
    ['an error under 200', answered(200, { code: 200, message: 'No permission.' })],
    ['no answer at all', throwing(new TypeError('fetch failed'))],
  ])('is a success if the second reading gives %s', async (_what, answer) => {
    const { meetings, caller, trail } = meetingsWith({ answers: { PATCH: answered(204), GET: answer } });
    const updated = await meetings.update(caller, { id: ID }, { topic: 'Moved' });
    expect([undefined, ID]).toContain(updated?.meeting.id);
    expect(trail.map(({ type }) => type)).toEqual(['meeting.updated']);
  });

  test('is a success if reading fails in a way that nobody expects, and the log says so once', async () => {
    const calls = { PATCH: () => Promise.resolve(undefined), GET: () => Promise.reject(new Error('a bug')) };
    const user = {
      call: ({ method }: { method: 'PATCH' | 'GET' }) => calls[method](),
    } as unknown as ZoomAccess;
    const { meetings, caller, log } = meetingsWith({ user });
    expect(await meetings.update(caller, { id: ID }, { topic: 'Moved' })).toBeUndefined();
    expect(log.lines).toEqual([
      expect.objectContaining({
        level: 'warn',
        userId: 'coach',
        meetingId: ID,
        msg: 'the changed meeting cannot be read again',
      }),
    ]);
  });

  test('of one date is read again as this date', async () => {
    const { meetings, caller, sent } = meetingsWith({ answers: { PATCH: answered(204) } });
    await meetings.update(caller, { id: ID, occurrenceId: '17' }, { agenda: 'Goals' });
    await meetings.read(caller, { id: ID, occurrenceId: '17' });
    expect(sent).toEqual([
      `PATCH /v2/meetings/${ID}?occurrence_id=17`,
      `GET /v2/meetings/${ID}?occurrence_id=17`,
      `GET /v2/meetings/${ID}?occurrence_id=17`,
    ]);
  });
});

describe('what is not sent', () => {
  const { meetings, caller, sent, rows } = meetingsWith({ rows: [hostedRow('APP')] });
  const target = (occurrenceId: string) => ({ id: ID, occurrenceId });
  const argument = (name: string) =>
    expect.objectContaining({ code: 'BAD_USER_INPUT', details: { argument: name } });

  test.each(['', ' ', 'x', '../../x&y=1', '1.5'])('a request about the date %p', async (occurrenceId) => {
    const date = target(occurrenceId);
    await expect(meetings.delete(caller, date)).rejects.toEqual(argument('input.occurrenceId'));
    await expect(meetings.update(caller, date, { agenda: 'x' })).rejects.toEqual(
      argument('input.occurrenceId'),
    );
    await expect(meetings.read(caller, date)).rejects.toEqual(argument('occurrenceId'));
    expect([sent, rows]).toEqual([[], [expect.anything()]]);
  });

  test('an update of what Zoom does not change for one date, and one of nothing', async () => {
    await expect(meetings.update(caller, target('1'), { topic: 'x' })).rejects.toEqual(
      argument('input.topic'),
    );
    await expect(meetings.update(caller, { id: ID }, {})).rejects.toEqual(argument('input'));
    expect(sent).toEqual([]);
  });
});

describe('deleting', () => {
  const gone = { DELETE: answered(404, GONE) };

  test.each<[MeetingHost, number, unknown]>([
    ['USER', 404, GONE],
    ['APP', 404, GONE],
    ['APP', 400, GONE],
    ['APP', 404, { code: '3001', message: 'no' }],
    ['APP', 404, '<result><code>3001</code><message>no</message></result>'],
    ['APP', 200, { code: 3001, message: 'no' }],
  ])('what is gone is a success (%s, HTTP %i, %j)', async (host, status, body) => {
    const rows = host === 'USER' ? [] : [hostedRow(host)];
    const { meetings, caller, trail } = meetingsWith({ answers: { DELETE: answered(status, body) }, rows });
    await meetings.delete(caller, { id: ID });
    await meetings.delete(caller, { id: ID });
    expect(rows).toEqual([]);
    // Nobody knows whether a meeting that Zoom does not know was the user's, or ever there.
    expect(trail).toHaveLength(host === 'USER' ? 0 : 1);
  });

  test.each<[PlatformHost, string]>([
    ['APP', ID],
    ['GOOGLE_MEET', 'spaces/abc'],
  ])('a meeting at %s twice is a success, also without a connection', async (host, id) => {
    const user = userWith('ZOOM_NOT_CONNECTED');
    const rows = [hostedRow(host, 'coach', id)];
    const { meetings, caller, trail } = meetingsWith({ answers: { DELETE: answered(204) }, rows, user });
    await meetings.delete(caller, { id });
    await meetings.delete(caller, { id });
    expect([rows, trail.length]).toEqual([[], 1]);
    await expect(meetings.delete({ ...caller, userId: 'other' }, { id })).rejects.toThrow(AppError);
  });

  test('one date never forgets the meeting, and says nothing about the whole', async () => {
    const rows = [hostedRow('APP')];
    const { meetings, caller } = meetingsWith({ answers: { DELETE: answered(204) }, rows });
    await meetings.delete(caller, { id: ID, occurrenceId: '1' });
    expect(rows).toHaveLength(1);
    const down = meetingsWith({ answers: { DELETE: answered(502) }, rows });
    down.trail.push({ type: 'meeting.deleted', userId: 'coach', meetingId: ID, cause: 'APP' } as AuditRecord);
    await expect(down.meetings.delete(caller, { id: ID })).rejects.toMatchObject({
      code: 'ZOOM_UNAVAILABLE',
    });
    expect(rows).toHaveLength(1);
  });

  test('one date that is gone is a success, and the meeting stays', async () => {
    const { meetings, caller, rows } = meetingsWith({ answers: gone, rows: [hostedRow('APP')] });
    await meetings.delete(caller, { id: ID, occurrenceId: '1' });
    expect(rows).toHaveLength(1);
  });

  test('a date of a Google Meet space is refused, since it has none', async () => {
    const { meetings, caller, rows } = meetingsWith({
      rows: [hostedRow('GOOGLE_MEET', 'coach', 'spaces/a')],
    });
    const date = { id: 'spaces/a', occurrenceId: '1' };
    await expect(meetings.delete(caller, date)).rejects.toMatchObject({
      details: { argument: 'input.occurrenceId' },
    });
    await expect(meetings.read(caller, date)).rejects.toMatchObject({
      details: { argument: 'occurrenceId' },
    });
    expect(rows).toHaveLength(1);
  });

  test.each<[string, Answer]>([
    ['an outage', answered(503)],
    ['a limit', answered(429, { code: 429, message: 'a daily limit' })],
    ['a page with status 404', answered(404, '<html>Not found</html>')],
    ['a 404 without a code', answered(404, { message: 'Not found' })],
    ['a 404 about the user', answered(404, { code: 1001, message: 'User does not exist: me.' })],
    ['a 404 about recordings', answered(404, { code: 3301, message: 'There is no recording.' })],
    ['a meeting in progress', answered(400, { code: 3002, message: 'in progress' })],
    ['an error under 200', answered(200, { code: 200, message: 'No permission.' })],
    ['a code alone under 200', answered(200, { code: 3002 })],
  ])('%s is no deletion', async (_what, answer) => {
    const { meetings, caller, rows, trail } = meetingsWith({
      answers: { DELETE: answer },
      rows: [hostedRow('APP')],
    });
    await expect(meetings.delete(caller, { id: ID })).rejects.toThrow(AppError);
    expect([rows.length, trail.length]).toEqual([1, 0]);
  });
});

describe('a meeting number with separators', () => {
  const copied = { id: '860 0000\u00a00001' };

  test('finds the record of a hosted meeting', async () => {
    const own = meetingsWith({
      answers: { PATCH: answered(204), DELETE: answered(204) },
      rows: [hostedRow('APP')],
    });
    await own.meetings.read(own.caller, copied);
    await own.meetings.update(own.caller, copied, { topic: 'x' });
    await own.meetings.delete(own.caller, copied);
    expect(own.rows).toEqual([]);
    expect(own.trail.map(({ meetingId }) => meetingId)).toEqual([ID, ID]);
  });

  test('finds the record of another user: its host at Zoom is refused, and nothing is sent', async () => {
    const row = Object.assign(hostedRow('APP', 'other'), { zoomHostId: 'host-of-the-platform' });
    const { meetings, caller, sent } = meetingsWith({ rows: [row] });
    const host = { ...caller, zoomUserId: () => Promise.resolve('host-of-the-platform') };
    for (const attempt of [
      meetings.read(host, copied),
      meetings.update(host, copied, { topic: 'x' }),
      meetings.delete(host, copied),
      meetings.recording(host, copied.id),
    ])
      await expect(attempt).rejects.toMatchObject({ code: 'ZOOM_NOT_FOUND' });
    expect(sent).toEqual([]);
  });
});

describe('a repeated creation whose meeting cannot be read', () => {
  const repeat = (user: ZoomAccess) => {
    const { meetings, caller } = meetingsWith({ user });
    const request = {
      meeting: { schedule: 'SCHEDULED', topic: 'x' },
      allowFallback: true,
      idempotencyKey: 'k',
    };
    return meetings.create(caller, request as Parameters<Meetings['create']>[1]);
  };

  test('because it is gone says that it was created', async () => {
    await expect(repeat(userWith('ZOOM_NOT_FOUND', { zoomCode: 3001 }))).rejects.toMatchObject({
      code: 'ZOOM_NOT_FOUND',
      message: expect.stringContaining('created a meeting that no longer exists'),
    });
  });

  test.each<ErrorCode>([
    'ZOOM_REAUTHORIZATION_REQUIRED',
    'ZOOM_SCOPE_MISSING',
    'ZOOM_NOT_ALLOWED',
    'ZOOM_NOT_FOUND',
    'ZOOM_RATE_LIMITED',
  ])('for the reason %s gets this reason, and learns that the meeting was created', async (code) => {
    await expect(repeat(userWith(code, { zoomTrackingId: 'WEB_1' }))).rejects.toMatchObject({
      code,
      message: expect.stringContaining('created a meeting, which cannot be read now'),
      details: { zoomTrackingId: 'WEB_1' },
    });
  });

  test('for an unknown reason may be tried again', async () => {
    const user = { call: () => Promise.reject(new Error('a bug')) } as unknown as ZoomAccess;
    await expect(repeat(user)).rejects.toMatchObject({
      code: 'ZOOM_UNAVAILABLE',
      message: expect.stringContaining('created a meeting'),
    });
  });
});

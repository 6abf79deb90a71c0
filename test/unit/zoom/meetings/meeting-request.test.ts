import { toMeetingBody } from '../../../../src/zoom/meetings/meeting-request.js';

const sent = (meeting: Parameters<typeof toMeetingBody>[0]) =>
  JSON.parse(JSON.stringify(toMeetingBody(meeting))) as unknown;

test('a scheduled meeting is sent in GMT, with its time zone beside it', () => {
  const startTime = new Date('2026-03-01T09:30:00.000Z');
  expect(
    sent({
      schedule: 'SCHEDULED',
      topic: 'Coaching',
      startTime,
      timezone: 'Europe/Berlin',
      durationMinutes: 45,
    }),
  ).toEqual({
    type: 2,
    topic: 'Coaching',
    start_time: '2026-03-01T09:30:00Z',
    timezone: 'Europe/Berlin',
    duration: 45,
  });
});

test('a weekly series names its days by number, Sunday first', () => {
  const recurrence = {
    repeat: 'WEEKLY',
    weekdays: ['SUNDAY', 'SATURDAY'],
    interval: 2,
    endTimes: 4,
  } as const;
  expect(
    sent({
      schedule: 'RECURRING_FIXED_TIME',
      topic: 'x',
      recurrence: { ...recurrence, weekdays: [...recurrence.weekdays] },
    }),
  ).toEqual({
    type: 8,
    topic: 'x',
    recurrence: { type: 2, weekly_days: '1,7', repeat_interval: 2, end_times: 4 },
  });
});

test('a monthly series names a day, or a week and its day', () => {
  expect(
    sent({ recurrence: { repeat: 'MONTHLY', dayOfMonth: 31, endAt: new Date('2026-12-31T00:00:00Z') } }),
  ).toEqual({
    recurrence: { type: 3, monthly_day: 31, end_date_time: '2026-12-31T00:00:00Z' },
  });
  expect(
    sent({ recurrence: { repeat: 'MONTHLY', weekOfMonth: 'LAST', weekdays: ['FRIDAY'], endTimes: 1 } }),
  ).toEqual({
    recurrence: { type: 3, monthly_week: -1, monthly_week_day: 6, end_times: 1 },
  });
});

test('an update sends what changes and nothing else', () => {
  expect(sent({ settings: { waitingRoom: false, autoRecording: 'CLOUD' } })).toEqual({
    settings: { waiting_room: false, auto_recording: 'cloud' },
  });
  expect(sent({})).toEqual({});
});

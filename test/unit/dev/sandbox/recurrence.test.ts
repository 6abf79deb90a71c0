import { occurrencesOf, type Recurrence } from '../../../../src/dev/sandbox/api/meetings/recurrence.js';

const days = (rule: Recurrence, start = '2026-01-30T10:00:00Z', timezone = 'UTC') =>
  occurrencesOf(new Date(start), 60, timezone, rule).map(({ start_time }) => start_time.slice(0, 10));

describe('occurrencesOf', () => {
  it.each<[string, Recurrence, string[]]>([
    ['daily', { type: 1, end_times: 3 }, ['2026-01-30', '2026-01-31', '2026-02-01']],
    ['every other day', { type: 1, repeat_interval: 2, end_times: 2 }, ['2026-01-30', '2026-02-01']],
    [
      'Mondays and Fridays',
      { type: 2, weekly_days: '2,6', end_times: 3 },
      ['2026-01-30', '2026-02-02', '2026-02-06'],
    ],
    ['the same weekday when none is named', { type: 2, end_times: 2 }, ['2026-01-30', '2026-02-06']],
    [
      'every other week',
      { type: 2, repeat_interval: 2, weekly_days: '2,6', end_times: 3 },
      ['2026-01-30', '2026-02-09', '2026-02-13'],
    ],
    [
      'a day of the month, skipping short months',
      { type: 3, monthly_day: 30, end_times: 2 },
      ['2026-01-30', '2026-03-30'],
    ],
    [
      'the second Tuesday',
      { type: 3, monthly_week: 2, monthly_week_day: 3, end_times: 2 },
      ['2026-02-10', '2026-03-10'],
    ],
    [
      'the last Friday',
      { type: 3, monthly_week: -1, monthly_week_day: 6, end_times: 2 },
      ['2026-01-30', '2026-02-27'],
    ],
    ['until an end', { type: 1, end_date_time: '2026-01-31T23:00:00Z' }, ['2026-01-30', '2026-01-31']],
    ['once when no end is named', { type: 1 }, ['2026-01-30']],
  ])('repeats %s', (_what, rule, expected) => {
    expect(days(rule)).toEqual(expected);
  });

  it('stops after sixty occurrences', () => {
    expect(days({ type: 1, end_date_time: '2030-01-01T00:00:00Z' })).toHaveLength(60);
  });

  it('counts days in the local time of the time zone', () => {
    const lateInTokyo = occurrencesOf(new Date('2026-01-31T23:30:00Z'), 30, 'Asia/Tokyo', {
      type: 2,
      weekly_days: '1',
      end_times: 2,
    });
    expect(lateInTokyo.map(({ start_time }) => start_time)).toEqual([
      '2026-01-31T23:30:00Z',
      '2026-02-07T23:30:00Z',
    ]);
  });
});

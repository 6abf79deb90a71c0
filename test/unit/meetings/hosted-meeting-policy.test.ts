import { keptUntil, renewal } from '../../../src/meetings/hosted-meeting-policy.js';
import { at, NOW } from '../../support/grant-fixture.js';

const DAY = 86_400_000;
const YEAR = 365 * DAY;
const iso = (ms: number) => at(ms).toISOString();

test.each([
  ['without a date', {}, 0],
  ['in the past', { start_time: iso(-400 * DAY), duration: 60 }, 0],
  ['to come', { start_time: iso(10 * DAY), duration: 60 }, 10 * DAY + 3_600_000],
  ['of unknown length', { start_time: iso(10 * DAY) }, 10 * DAY],
  [
    'of a series',
    {
      start_time: iso(DAY),
      duration: 60,
      occurrences: [7, 21, 14].map((days) => ({
        occurrence_id: String(days),
        start_time: iso(days * DAY),
        duration: 30,
        status: undefined,
      })),
    },
    21 * DAY + 1_800_000,
  ],
  ['whose date cannot be read', { start_time: 'soon', duration: 60 }, 0],
])(
  'the record of a meeting %s is kept for a year after its last date, or from now on',
  (_what, dates, end) => {
    const meeting = { start_time: undefined, duration: undefined, occurrences: undefined, ...dates };
    expect(keptUntil(NOW, meeting)).toEqual(at(end + YEAR));
  },
);

test.each([
  ['an old record that has no end', undefined, at(YEAR)],
  ['a record that would be kept a month longer', at(YEAR - 31 * DAY), at(YEAR)],
  ['a record that would be kept hardly longer', at(YEAR - 29 * DAY), undefined],
  ['a record that is kept longer already', at(2 * YEAR), undefined],
])('a use of %s', (_what, stored, expected) => {
  expect(renewal(stored, NOW, {})).toEqual(expected);
});

import { parseRetryAfter } from '../../../src/lib/retry-after.js';
import { at, NOW } from '../../support/grant-fixture.js';

test.each<[string, string, Date]>([
  ['seconds', '120', at(120_000)],
  ['no seconds at all', '0', NOW],
  ['seconds among spaces', ' 7 ', at(7_000)],
  ['an HTTP date', 'Thu, 15 Jan 2026 12:00:30 GMT', at(30_000)],
  ['an HTTP date of RFC 850', 'Thursday, 15-Jan-26 12:00:30 GMT', at(30_000)],
  ['an HTTP date of asctime', 'Thu Jan 15 12:00:30 2026', at(30_000)],
  ["Zoom's ISO date-time", '2026-01-16T00:00:00Z', at(12 * 3_600_000)],
  ['an ISO date-time with an offset', '2026-01-15T13:01:00+01:00', at(60_000)],
  ['an ISO date-time without seconds', '2026-01-15T12:01Z', at(60_000)],
  ['an ISO date-time with milliseconds', '2026-01-15T12:00:00.250Z', at(250)],
  ['an instant that has passed', '2020-05-31T00:00:00Z', NOW],
  ['more seconds than a day has as a day', '999999999', at(86_400_000)],
  ['an instant after more than a day as a day', '2031-01-01T00:00:00Z', at(86_400_000)],
])('reads %s', (_form, header, expected) => {
  expect(parseRetryAfter(header, NOW)).toEqual(expected);
});

test('a pause is cut to the longest that is allowed', () => {
  expect(parseRetryAfter('7200', NOW, 3_600_000)).toEqual(at(3_600_000));
});

test.each([
  null,
  undefined,
  '',
  '   ',
  'soon',
  '-5',
  '1.5',
  '1e3',
  '12345678901',
  '2026-01-16',
  '2026-01-16T00:00:00',
  '2026-13-45T99:00:00Z',
  'tomorrow 5',
  // V8 takes what stands in brackets for a comment.
  '(x) 2026-01-16T00:00:00Z',
  '2026-01-16T00:00:00Z (x)',
  '(x) Thu, 15 Jan 2026 12:00:30 GMT',
  'Thu, 15 Jan 2026 12:00:30 GMT (x)',
  '(x) Thu Jan 15 12:00:30 2026',
  'Thu Jan 15 12:00:30 2026 (x)',
])('cannot read %p', (header) => {
  expect(parseRetryAfter(header, NOW)).toBeUndefined();
});

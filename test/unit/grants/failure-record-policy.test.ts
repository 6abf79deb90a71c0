import { isKeptInTrail } from '../../../src/grants/failure-record-policy.js';
import { at } from '../../support/grant-fixture.js';

const HOUR = 3_600_000;
const former = { cause: 'ZOOM_UNAVAILABLE', at: at(0) };

test.each([
  ['the first failure', undefined, 'ZOOM_UNAVAILABLE', 0, true],
  ['the same cause a minute later', former, 'ZOOM_UNAVAILABLE', 60_000, false],
  ['the same cause just before an hour', former, 'ZOOM_UNAVAILABLE', HOUR - 1, false],
  ['the same cause an hour later', former, 'ZOOM_UNAVAILABLE', HOUR, true],
  ['another cause at once', former, 'ZOOM_RATE_LIMITED', 1, true],
  ['a clock that went back', former, 'ZOOM_UNAVAILABLE', -HOUR, false],
])('%s', (_what, last, cause, ms, isKept) => {
  expect(isKeptInTrail(last, { cause, occurredAt: at(ms) })).toBe(isKept);
});

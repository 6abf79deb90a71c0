import { AccountPauses, rateLabel } from '../../../../src/zoom/api/account-pauses.js';

const NOW = new Date('2026-01-15T12:00:00Z');
const at = (ms: number) => new Date(NOW.getTime() + ms);

test.each([
  ['GET', '/users/me/meetings', 'medium'],
  ['GET', '/users/host%40example.com/recordings', 'medium'],
  ['POST', '/users/me/meetings', 'light'],
  ['GET', '/users/me', 'light'],
  ['GET', '/meetings/85746065432', 'light'],
  ['GET', '/meetings/85746065432/recordings', 'light'],
  ['GET', '/users/me/meetings/85746065432', 'light'],
  ['GET', '/accounts/a/users/me/meetings', 'light'],
])('%s %s counts as %s', (method, path, label) => {
  expect(rateLabel(method, path)).toBe(label);
});

test('a pause holds for its account and its label until it ends', () => {
  const pauses = new AccountPauses();
  pauses.pause('a', 'light', at(1_000), NOW);
  expect(pauses.endOf('a', 'light', at(999))).toEqual(at(1_000));
  expect(pauses.endOf('a', 'light', at(1_000))).toBeUndefined();
  expect(pauses.endOf('a', 'medium', NOW)).toBeUndefined();
  expect(pauses.endOf('b', 'light', NOW)).toBeUndefined();
});

test('the later end wins', () => {
  const pauses = new AccountPauses();
  pauses.pause('a', 'light', at(5_000), NOW);
  pauses.pause('a', 'light', at(1_000), NOW);
  expect(pauses.endOf('a', 'light', NOW)).toEqual(at(5_000));
});

test('a pause can be made longer', () => {
  const pauses = new AccountPauses();
  pauses.pause('a', 'light', at(1_000), NOW);
  pauses.pause('a', 'light', at(5_000), NOW);
  expect(pauses.endOf('a', 'light', NOW)).toEqual(at(5_000));
});

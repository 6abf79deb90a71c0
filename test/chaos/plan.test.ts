import fc from 'fast-check';
import { KILL_POINTS, planRound } from './plan.js';
import { judgeCall, judgeEnd, judgeTold } from './verdict.js';

const SHAPE = { processes: 4, slots: 12 };
const calm = { ...planRound(1, 1, SHAPE), kills: [], zoom: [], database: undefined, pause: undefined };
const failed = (code: string) => ({ data: null, errors: [{ message: '', extensions: { code } }] });

test('a seed and a number give one round, and other numbers give others', () => {
  fc.assert(
    fc.property(fc.nat(1_000_000), fc.nat(10_000), (seed, round) => {
      expect(planRound(seed, round, SHAPE)).toEqual(planRound(seed, round, SHAPE));
      expect(planRound(seed, round, SHAPE)).not.toEqual(planRound(seed, round + 1, SHAPE));
    }),
    { numRuns: 50 },
  );
});

test('a round kills different processes of the cluster, at every point sooner or later', () => {
  const kills = Array.from({ length: 100 }, (_, round) => planRound(7, round, SHAPE).kills);
  for (const round of kills) expect(new Set(round.map(({ process }) => process)).size).toBe(round.length);
  expect(new Set(kills.flat().map(({ at }) => at))).toEqual(new Set(KILL_POINTS));
});

test.each([
  ['no answer from a living process', undefined, 'violation'],
  ['an error of ours while the database is there', failed('INTERNAL_SERVER_ERROR'), 'violation'],
  ['a request to wait while Zoom is well', failed('ZOOM_UNAVAILABLE'), 'violation'],
  ['an answer', { data: {} }, 'served'],
  ['the end of a connection', failed('ZOOM_REAUTHORIZATION_REQUIRED'), 'ended'],
] as const)('%s is judged as %s', (_what, answer, expected) => {
  expect(judgeCall(calm, 0, answer as never)).toBe(expected);
});

test.each([
  [
    'no answer from a process that was killed',
    { kills: [{ process: 0, at: 'any_time', afterMs: 0 }] },
    undefined,
  ],
  ['an outage of Zoom', { zoom: [{ kind: 'html' }] }, failed('ZOOM_UNAVAILABLE')],
  [
    'a database out of reach',
    { database: { process: 0, kind: 'unreachable', ms: 1 } },
    failed('INTERNAL_SERVER_ERROR'),
  ],
] as const)('%s excuses a failed call', (_what, trouble, answer) => {
  expect(judgeCall({ ...calm, ...trouble } as never, 0, answer as never)).not.toBe('violation');
});

test('a connection may only be called lost when Zoom handed out tokens that no row ever held', () => {
  expect(judgeEnd('ROTATION_LOST', undefined, false)).toBe(false);
  expect(judgeEnd('ROTATION_LOST', undefined, true)).toBe(true);
});

test.each([
  ['REFRESH_TOKEN_REJECTED', undefined],
  ['REVOKED_BY_USER', { kind: 'reconnect', certain: true }],
  [undefined, { kind: 'revoke', certain: true }],
  [undefined, { kind: 'lose_to_another', certain: true }],
  ['SUPERSEDED', { kind: 'reconnect', certain: false }],
  [undefined, { kind: 'uninstall', certain: true }],
] as const)('a connection does not end as %s after %j', (end, action) => {
  expect(judgeEnd(end, action, true)).toBe(false);
});

test('a caller who is told of an end that was none has been told a lie', () => {
  expect(judgeTold(calm, ['ROTATION_LOST'], undefined, undefined)).toBe(false);
  expect(judgeTold(calm, ['ROTATION_LOST'], 'ROTATION_LOST', undefined)).toBe(true);
});

import { decideCreation } from '../../../src/meetings/creation-policy.js';
import { CREATION_STATES, type MeetingCreation } from '../../../src/models/meeting-creation.js';

const NOW = new Date('2026-01-15T12:00:00Z');
const at = (ms: number) => new Date(NOW.getTime() + ms);
const row: MeetingCreation = {
  _id: 'creation',
  userId: 'u',
  key: 'k',
  fingerprint: 'same',
  state: 'in_progress',
  presumedDeadAt: at(1),
  expiresAt: at(86_400_000),
};
const rowWith = (parts: Partial<MeetingCreation>): MeetingCreation => Object.assign({}, row, parts);

test.each<[string, Partial<MeetingCreation>, string]>([
  ['one that is done', { state: 'done' }, 'replay'],
  ['one that is under way', {}, 'wait'],
  ['one whose process died', { presumedDeadAt: NOW }, 'refuse'],
  ['one whose answer was lost', { state: 'unknown' }, 'refuse'],
])('a repetition of %s: %j -> %s', (_what, parts, kind) => {
  expect(decideCreation(rowWith(parts), 'same', NOW)).toMatchObject({ kind });
});

test.each(CREATION_STATES)('the key of a different meeting is refused when that is %s', (state) => {
  expect(decideCreation(rowWith({ state }), 'other', NOW)).toMatchObject({
    kind: 'refuse',
    error: { code: 'BAD_USER_INPUT', details: { argument: 'input.idempotencyKey' } },
  });
});

test('a refusal says what to do', () => {
  expect(decideCreation(rowWith({}), 'other', NOW)).toMatchObject({
    error: { message: 'input.idempotencyKey: was used for a different meeting' },
  });
  expect(decideCreation(rowWith({ state: 'unknown' }), 'same', NOW)).toMatchObject({
    error: { message: expect.stringContaining('look for its meeting, then use another key') },
  });
});

import { judgeKeys, type KeySample, type KeyVerdict } from '../../../src/grants/store/key-check.js';

const opened = (keyId: string): KeySample => ({ keyId, outcome: 'opened' });
const unknown = (keyId: string): KeySample => ({ keyId, outcome: 'UNKNOWN_KEY' });
const tampered = (keyId: string): KeySample => ({ keyId, outcome: 'TAMPERED' });
const plain: KeySample = { keyId: undefined, outcome: 'NOT_SEALED' };
const foreign: KeySample = { keyId: 'k1', outcome: 'FOREIGN' };

test.each<[string, KeySample[], KeyVerdict]>([
  ['nothing is stored', [], { kind: 'ok' }],
  ['all values open', [opened('k1'), opened('k2')], { kind: 'ok' }],
  ['values are not sealed', [plain, plain], { kind: 'ok' }],
  ['one value was moved to another row', [foreign, opened('k1')], { kind: 'ok' }],
  ['one value is damaged beside one that opens', [tampered('k1'), opened('k1')], { kind: 'ok' }],
  [
    'a key is not in the ring',
    [unknown('k2'), opened('k1')],
    { kind: 'keys_missing', missing: ['k2'], wrong: [] },
  ],
  [
    'two keys are not in the ring',
    [unknown('k3'), unknown('k2'), unknown('k3')],
    { kind: 'keys_missing', missing: ['k2', 'k3'], wrong: [] },
  ],
  [
    'a key has other bytes',
    [tampered('k1'), tampered('k1'), opened('k2')],
    { kind: 'keys_missing', missing: [], wrong: ['k1'] },
  ],
])('when %s', (_what, samples, verdict) => {
  expect(judgeKeys(samples)).toEqual(verdict);
});

import { createKeyReadiness } from '../../../src/app/key-readiness.js';
import { type KeyVerdict } from '../../../src/grants/store/key-check.js';
import { movableClock } from '../../support/movable-clock.js';
import { recordingLogger } from '../../support/recording-logger.js';

const MISSING: KeyVerdict = { kind: 'keys_missing', missing: ['k1'], wrong: [] };

function readiness(first: KeyVerdict) {
  const clock = movableClock();
  const { logger, lines } = recordingLogger();
  const state = { verdict: first, checks: 0 };
  const isReady = createKeyReadiness({
    check: () => {
      state.checks++;
      return Promise.resolve(state.verdict);
    },
    clock,
    logger,
  });
  return { state, clock, lines, isReady };
}

test('keys that open what is stored are ready for good, after one check', async () => {
  const { state, clock, isReady } = readiness({ kind: 'ok' });
  expect(await isReady()).toBe(true);
  state.verdict = MISSING;
  clock.advance(3_600_000);
  expect(await isReady()).toBe(true);
  expect(state.checks).toBe(1);
});

test('missing keys are not ready, are named in the log, and are checked again every ten seconds', async () => {
  const { state, clock, lines, isReady } = readiness(MISSING);
  for (let probe = 0; probe < 5; probe++) expect(await isReady()).toBe(false);
  expect(state.checks).toBe(1);
  expect(lines).toMatchObject([{ level: 'error', missing: ['k1'], wrong: [] }]);
  state.verdict = { kind: 'ok' };
  clock.advance(10_000);
  expect(await isReady()).toBe(true);
});

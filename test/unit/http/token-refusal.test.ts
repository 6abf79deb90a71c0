import { createRefusalReport, TOKEN_REFUSALS, type TokenRefusal } from '../../../src/http/token-refusal.js';
import { movableClock } from '../../support/movable-clock.js';
import { recordingLogger } from '../../support/recording-logger.js';

function report() {
  const clock = movableClock();
  const { logger, lines } = recordingLogger();
  const counted: TokenRefusal[] = [];
  return {
    clock,
    lines,
    counted,
    refuse: createRefusalReport({ logger, clock, count: (reason) => counted.push(reason) }),
  };
}

test('each reason is logged at once, and then once in ten seconds with the number of tokens', () => {
  const { clock, lines, counted, refuse } = report();
  for (let token = 0; token < 500; token++) refuse('audience');
  refuse('signature');
  clock.advance(10_000);
  refuse('audience');
  clock.advance(1_000);
  refuse('audience');
  expect(lines).toMatchObject([
    { level: 'warn', reason: 'audience', tokens: 1 },
    { level: 'warn', reason: 'signature', tokens: 1 },
    { level: 'warn', reason: 'audience', tokens: 500 },
  ]);
  expect(counted.filter((reason) => reason === 'audience')).toHaveLength(502);
});

test('an expired token is no warning', () => {
  const { lines, refuse } = report();
  for (const reason of TOKEN_REFUSALS) refuse(reason);
  expect(lines.filter(({ level }) => level === 'info')).toMatchObject([{ reason: 'expired' }]);
});

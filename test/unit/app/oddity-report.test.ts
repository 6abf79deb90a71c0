import { createOddityReport } from '../../../src/app/oddity-report.js';
import { recordingLogger } from '../../support/recording-logger.js';

test('each field of a kind of answer is logged once, and every oddity is counted', () => {
  const log = recordingLogger();
  const counted: string[] = [];
  const report = createOddityReport({ logger: log.logger, count: (answer) => counted.push(answer) });
  for (let call = 0; call < 3; call++) report({ answer: 'token', field: 'scope' });
  report({ answer: 'token', field: 'expires_in' });
  report({ answer: 'app token', field: 'scope' });
  expect(counted).toEqual(['token', 'token', 'token', 'token', 'app token']);
  expect(log.lines.map(({ level, answer, field }) => [level, answer, field])).toEqual([
    ['warn', 'token', 'scope'],
    ['warn', 'token', 'expires_in'],
    ['warn', 'app token', 'scope'],
  ]);
});

test('names without end fill neither the memory nor the log', () => {
  const log = recordingLogger();
  const report = createOddityReport({ logger: log.logger, count: () => undefined });
  for (let name = 0; name < 1_500; name++) report({ answer: 'token', field: `field-${name}` });
  expect(log.lines).toHaveLength(1_000);
});

import { tokenRequestOutcome } from '../../../src/grants/token-request-outcome.js';
import { type TokenRequestReport } from '../../../src/oauth/token-request-report.js';
import { NOW } from '../../support/grant-fixture.js';

const answer = (status: number, more: object = {}) =>
  ({ kind: 'error_response', status, retryAfter: null, ...more }) as TokenRequestReport['failure'];

test.each<[string, TokenRequestReport['failure'], string]>([
  ['tokens', undefined, 'ok'],
  ['a dead token', answer(400, { error: 'invalid_grant' }), 'rejected'],
  ['a refusal in other words', answer(400, { error: 'other' }), 'refused'],
  ['a wrong client secret', answer(401, { error: 'invalid_client' }), 'misconfigured'],
  ['too many requests', answer(429), 'rate_limited'],
  ['an error of Zoom', answer(503), 'unavailable'],
  ['a body that is no answer', { kind: 'malformed_success' }, 'unavailable'],
  ['no answer', { kind: 'network_error', sent: 'maybe' }, 'unavailable'],
  ['an error of this program', { kind: 'unexpected' }, 'failed'],
])('%s count as an outcome of the closed set', (_what, failure, outcome) => {
  expect(tokenRequestOutcome(failure, NOW)).toBe(outcome);
});

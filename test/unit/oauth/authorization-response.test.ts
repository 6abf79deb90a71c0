import fc from 'fast-check';
import { parseAuthorizationResponse } from '../../../src/oauth/authorization-response.js';

const parse = (query: string) => parseAuthorizationResponse(new URLSearchParams(query));

test('a code with our state is kept as it came', () => {
  const query = new URLSearchParams('code=a%2Bb_c&state=s1');
  expect(parseAuthorizationResponse(query)).toEqual({ kind: 'code', state: 's1', query });
});

test.each<[string, string, object]>([
  [
    'the user declines',
    'error=access_denied&state=s1',
    { kind: 'denied', state: 's1', error: 'access_denied' },
  ],
  ['nothing but our state comes back', 'state=s1', { kind: 'denied', state: 's1', error: 'access_denied' }],
  ['the code is empty', 'state=s1&code=', { kind: 'denied', state: 's1', error: 'access_denied' }],
  [
    'an error stands beside a code',
    'error=server_error&code=c&state=s1',
    { kind: 'denied', state: 's1', error: 'server_error' },
  ],
  [
    'the error holds control characters',
    'error=a%0Ab&state=s1',
    { kind: 'denied', state: 's1', error: 'unreadable_error' },
  ],
  [
    'the error is endless',
    `error=${'e'.repeat(65)}&state=s1`,
    { kind: 'denied', state: 's1', error: 'unreadable_error' },
  ],
  ['an install begins in the Marketplace', 'code=c', { kind: 'unsolicited', error: undefined }],
  ['the Marketplace sends null for a state', 'code=c&state=null', { kind: 'unsolicited', error: undefined }],
  ['the state is empty', 'code=c&state=', { kind: 'unsolicited', error: undefined }],
  [
    'an install is declined in the Marketplace',
    'error=access_denied',
    { kind: 'unsolicited', error: 'access_denied' },
  ],
  ['there is nothing at all', '', { kind: 'unsolicited', error: undefined }],
  ['the state stands twice', 'code=c&state=s1&state=s2', { kind: 'malformed' }],
  ['the code stands twice', 'code=c&code=d&state=s1', { kind: 'malformed' }],
  ['the error stands twice', 'error=a&error=b&state=s1', { kind: 'malformed' }],
])('when %s', (_case, query, expected) => {
  expect(parse(query)).toEqual(expected);
});

test('a code is taken only with exactly one state and without an error', () => {
  const pairs = fc.array(fc.tuple(fc.constantFrom('code', 'state', 'error', 'x'), fc.string()), {
    maxLength: 6,
  });
  fc.assert(
    fc.property(pairs, (given) => {
      const query = new URLSearchParams(given);
      if (parseAuthorizationResponse(query).kind !== 'code') return true;
      return query.getAll('state').length === 1 && query.getAll('code').length === 1 && !query.get('error');
    }),
  );
});

import { callerOf, checkIssuedAt, isAcceptedType } from '../../../src/http/token-rules.js';

const NOW = new Date('2026-11-28T12:00:00Z');
const SECONDS = NOW.getTime() / 1000;

test.each<[unknown, string | undefined, boolean]>([
  [undefined, undefined, true],
  ['JWT', undefined, true],
  ['jwt', undefined, true],
  ['at+jwt', undefined, true],
  ['AT+JWT', undefined, true],
  ['application/at+jwt', undefined, true],
  ['Application/JWT', undefined, true],
  ['logout+jwt', undefined, false],
  ['application/logout+jwt', undefined, false],
  ['secevent+jwt', undefined, false],
  ['dpop+jwt', undefined, false],
  ['entity-statement+jwt', undefined, false],
  ['x/jwt', undefined, false],
  ['application/x/jwt', undefined, false],
  ['', undefined, false],
  [7, undefined, false],
  [null, undefined, false],
  [['JWT'], undefined, false],
  ['at+jwt', 'at+jwt', true],
  ['application/AT+jwt', 'at+jwt', true],
  ['at+jwt', 'application/at+jwt', true],
  ['JWT', 'at+jwt', false],
  [undefined, 'at+jwt', false],
  ['platform+jwt', 'platform+jwt', true],
])('the type %p is accepted when %p is demanded: %p', (typ, demanded, expected) => {
  expect(isAcceptedType(typ, demanded)).toBe(expected);
});

test.each([undefined, 0, SECONDS - 1e9, SECONDS, SECONDS + 300])('iat %p is accepted', (iat) => {
  expect(() => {
    checkIssuedAt(iat === undefined ? {} : { iat }, NOW);
  }).not.toThrow();
});

test.each<[unknown, string]>([
  [SECONDS + 301, 'not_yet_valid'],
  [SECONDS + 1e9, 'not_yet_valid'],
  ['now', 'claims'],
  [null, 'claims'],
])('iat %p is refused: %s', (iat, reason) => {
  expect(() => {
    checkIssuedAt({ iat } as never, NOW);
  }).toThrow(expect.objectContaining({ reason }));
});

test.each<[object, string]>([
  [{}, 'user'],
  [{ role: null }, 'user'],
  [{ roles: null }, 'user'],
  [{ role: null, roles: ['service'] }, 'service'],
  [{ role: 'admin', roles: null }, 'admin'],
  [{ role: 'Admin' }, 'user'],
  [{ roles: [] }, 'user'],
])('%j makes a caller with the role %s', (claims, role) => {
  expect(callerOf({ sub: 'me', ...claims })).toEqual({ userId: 'me', role });
});

test.each<[object, string]>([
  [{}, 'subject'],
  [{ sub: '' }, 'subject'],
  [{ sub: 7 }, 'subject'],
  [{ sub: 'x\ud800' }, 'subject'],
  [{ sub: 'u'.repeat(257) }, 'subject'],
  [{ sub: 'me', role: 7 }, 'claims'],
  [{ sub: 'me', roles: [7] }, 'claims'],
  [{ sub: 'me', roles: { admin: true } }, 'claims'],
])('%j is refused: %s', (claims, reason) => {
  expect(() => callerOf(claims as never)).toThrow(expect.objectContaining({ reason }));
});

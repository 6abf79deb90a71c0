import { addressKeyOf, deviceInfoOf } from '../../../src/http/request-facts.js';

const facts = (ip: string, userAgent?: string) => deviceInfoOf({ ip, headers: { 'user-agent': userAgent } });

test.each(['203.0.113.7', '::1', '2001:db8::1', '::ffff:203.0.113.7'])('the address %s is kept', (ip) => {
  expect(facts(ip)).toEqual({ ipAddress: ip });
});

test.each([
  '',
  'unknown',
  '<script>alert(1)</script>',
  '1'.repeat(12_000),
  '203.0.113.7, 6.6.6.6',
  '999.1.1.1',
  '203.0.113.7:80',
])('what is no address is left out: %#', (ip) => {
  expect(facts(ip)).toEqual({});
});

test('a user agent is cut, and holds no control character', () => {
  expect(facts('::1', `a\u0000b\u001b[31mc\u0085\td${'x'.repeat(500)}`).userAgent).toBe(
    `ab[31mcd${'x'.repeat(248)}`,
  );
  expect(facts('::1', '\u0007')).toEqual({ ipAddress: '::1' });
});

test.each([
  ['203.0.113.7', '203.0.113.7'],
  ['::ffff:203.0.113.7', '203.0.113.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8:1:2::9', '2001:db8:1:2::/64'],
  ['2001:0DB8:0001:0002::9', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['anything', 'no address'],
])('callers of %s are counted under %s', (ip, key) => {
  expect(addressKeyOf(ip)).toBe(key);
});

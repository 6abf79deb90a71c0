import { type TrustedProxies, trustOf } from '../../../src/http/trusted-peers.js';

test.each<[TrustedProxies, string, number, boolean]>([
  [false, '127.0.0.1', 0, false],
  [true, '203.0.113.7', 9, true],
  [1, '203.0.113.7', 0, true],
  [1, '203.0.113.7', 1, false],
  [2, '203.0.113.7', 1, true],
  [['127.0.0.1'], '127.0.0.1', 0, true],
  [['127.0.0.1'], '::ffff:127.0.0.1', 0, true],
  [['127.0.0.1'], '127.0.0.2', 0, false],
  [['10.0.0.0/8', '192.0.2.1'], '10.9.8.7', 3, true],
  [['10.0.0.0/8', '192.0.2.1'], '192.0.2.1', 0, true],
  [['10.0.0.0/8', '192.0.2.1'], '192.0.2.2', 0, false],
  [['2001:db8::/32'], '2001:db8:5::1', 0, true],
  [['2001:db8::/32'], '2001:db9::1', 0, false],
  [['loopback'], '::1', 0, true],
  [['loopback'], '127.3.2.1', 0, true],
  [['uniquelocal'], '192.168.1.1', 0, true],
  [['linklocal'], '169.254.1.1', 0, true],
  [['loopback'], '', 0, false],
  [['yes'], '203.0.113.7', 0, false],
])('with %p, %s at the hop %i: %p', (proxies, address, hop, expected) => {
  expect(trustOf(proxies)(address, hop)).toBe(expected);
});

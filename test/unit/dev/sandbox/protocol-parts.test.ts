import { readRange } from '../../../../src/dev/sandbox/api/recordings/read-recordings.js';
import { assertLoopback } from '../../../../src/dev/sandbox/sandbox.js';
import { verifierMatches } from '../../../../src/dev/sandbox/oauth/token-endpoint.js';
import { appendParameters } from '../../../../src/dev/sandbox/http/requests.js';
import { parseScopes } from '../../../../src/dev/sandbox/oauth/authorization-request.js';
import { escapeHtml, SHOWN_USERS, userChooser } from '../../../../src/dev/sandbox/pages/html.js';
import { createUser } from '../../../../src/dev/sandbox/store/users.js';
import { hmacHex, signWebhook } from '../../../../src/dev/sandbox/webhooks/endpoint.js';

const NOW = new Date('2026-03-31T12:00:00Z');

describe('verifierMatches', () => {
  // RFC 7636 Appendix B
  const verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';

  it.each([
    ['S256', 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM', verifier, true],
    ['S256', 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM', `${verifier}x`, false],
    ['S256', verifier, verifier, false],
    ['plain', verifier, verifier, true],
    ['plain', verifier, null, false],
  ] as const)('%s challenge %s, verifier %s: %s', (method, value, given, expected) => {
    expect(verifierMatches({ value, method }, given)).toBe(expected);
  });

  it('asks for no verifier when there is no challenge', () => {
    expect(verifierMatches(null, null)).toBe(true);
  });
});

describe('parseScopes', () => {
  it.each([
    [null, []],
    ['', []],
    ['a:b,c:d', ['a:b', 'c:d']],
    ['a:b,c:d,a:b,', ['a:b', 'c:d']],
  ])('reads %j as %j', (value, expected) => {
    expect(parseScopes(value)).toEqual(expected);
  });
});

it('appendParameters keeps a query that the redirect URI has', () => {
  expect(appendParameters('https://a.example/cb', { code: 'a b' })).toBe('https://a.example/cb?code=a+b');
  expect(appendParameters('https://a.example/cb?x=1', { code: '1' })).toBe('https://a.example/cb?x=1&code=1');
});

it('escapeHtml leaves nothing that ends an attribute or opens a tag', () => {
  expect(escapeHtml(`<a href="x" id='y'>&`)).toBe('&lt;a href=&quot;x&quot; id=&#39;y&#39;&gt;&amp;');
});

it('userChooser shows a limited number of users and always the suggested one', () => {
  const users = Array.from({ length: 80 }, (_, index) => createUser({ firstName: `Coach ${index}` }, NOW));
  const html = userChooser(users, users[79]?.id);
  expect(html.match(/type="radio"/g)).toHaveLength(SHOWN_USERS);
  expect(html).toContain(`value="${users[79]?.id ?? ''}" checked`);
  expect(html).toContain('and 30 more');
});

describe('assertLoopback', () => {
  it.each(['127.0.0.1', '127.8.0.1', '::1', 'localhost'])('accepts %s', (host) => {
    expect(() => assertLoopback(host)).not.toThrow();
  });
  it.each(['0.0.0.0', '::', '10.0.0.1', '127.0.0.1.example.com', 'localhost.example.com', ''])(
    'refuses %j',
    (host) => {
      expect(() => assertLoopback(host)).toThrow('loopback');
    },
  );
});

it('a webhook signature covers version, timestamp and raw body', () => {
  expect(signWebhook('secret', '1', '{}')).toBe(`v0=${hmacHex('secret', 'v0:1:{}')}`);
  expect(hmacHex('key', 'The quick brown fox jumps over the lazy dog')).toBe(
    'f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8',
  );
});

describe('readRange', () => {
  const range = (query: string, overlong: 'clamp' | 'error' = 'clamp') =>
    readRange(new URLSearchParams(query), NOW, overlong);

  it.each([
    ['', '2026-03-31', '2026-04-01'],
    ['from=2026-03-01&to=2026-04-01', '2026-03-01', '2026-04-01'],
    ['from=2026-03-01&to=2026-04-02', '2026-03-01', '2026-04-01'],
    ['from=2025-01-01', '2025-01-01', '2025-02-01'],
  ])('of %j is %s to %s', (query, from, to) => {
    expect(range(query)).toEqual({ from, to });
  });

  it('over one month is refused if the settings say so', () => {
    expect(() => range('from=2026-03-01&to=2026-04-02', 'error')).toThrow('Validation Failed.');
  });
});

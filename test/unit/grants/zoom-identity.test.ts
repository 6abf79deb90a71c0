import { Secret } from '../../../src/lib/secret.js';
import { identityFromClaims } from '../../../src/grants/zoom-identity.js';

const tokenWith = (claims: object) =>
  new Secret(
    ['{"alg":"HS512"}', JSON.stringify(claims), 'x']
      .map((part) => Buffer.from(part).toString('base64url'))
      .join('.'),
  );

test.each([
  [
    'the short names',
    { uid: 'zoom-user', aid: 'account' },
    { zoomUserId: 'zoom-user', zoomAccountId: 'account' },
  ],
  [
    'the long names',
    { userId: 'zoom-user', accountId: 'account' },
    { zoomUserId: 'zoom-user', zoomAccountId: 'account' },
  ],
  ['neither', {}, {}],
  ['numbers for text', { uid: 7 }, {}],
])('reads %s', (_what, claims, expected) => {
  expect(identityFromClaims(tokenWith(claims))).toEqual(expected);
});

test('an opaque token has no identity', () => {
  expect(identityFromClaims(new Secret('opaque'))).toEqual({});
});

import { KNOWN_SCOPES, missingRequiredScopes, scopesMissing } from '../../../src/zoom/scopes.js';

test.each([
  ['the granular scope', ['meeting:write:meeting'], []],
  ['its admin form', ['meeting:write:meeting:admin'], []],
  ['the classic scope', ['meeting:write'], []],
  ['the classic admin scope', ['meeting:write:admin'], []],
  ['another scope', ['meeting:read:meeting'], ['meeting:write:meeting']],
  ['a scope that only begins alike', ['meeting:write:meeting_summary'], ['meeting:write:meeting']],
  ['nothing', [], ['meeting:write:meeting']],
])('with %s granted, what is missing for writing is %p', (_what, granted, missing) => {
  expect(scopesMissing(granted, ['meeting:write:meeting'])).toEqual(missing);
});

test.each([
  [['user:read:user', 'meeting:read:list_meetings'], []],
  [['user:read', 'meeting:read'], []],
  [['user:read:user'], ['meeting:read:list_meetings']],
  [[], ['user:read:user', 'meeting:read:list_meetings']],
])('a connection with %p lacks %p', (granted, missing) => {
  expect(missingRequiredScopes(granted)).toEqual(missing);
});

test('an authorization may ask for granular and classic names, never for admin scopes', () => {
  expect(KNOWN_SCOPES.has('meeting:write:meeting')).toBe(true);
  expect(KNOWN_SCOPES.has('meeting:write')).toBe(true);
  expect([...KNOWN_SCOPES].filter((scope) => /:(admin|master)$/.test(scope))).toEqual([]);
});

import { KNOWN_SCOPES, missingRequiredScopes, scopesMissing } from '../../../src/zoom/scopes.js';

test.each([
  ['the granular scope', ['meeting:write:meeting'], []],
  ['its admin form', ['meeting:write:meeting:admin'], []],
  ['its master form', ['meeting:write:meeting:master'], []],
  ['another scope', ['meeting:read:meeting'], ['meeting:write:meeting']],
  ['the admin form of another', ['meeting:read:meeting:admin'], ['meeting:write:meeting']],
  ['a scope that only begins alike', ['meeting:write:meeting_summary'], ['meeting:write:meeting']],
])('with %s granted, what is missing for writing is %p', (_what, granted, missing) => {
  expect(scopesMissing(granted, ['meeting:write:meeting'])).toEqual(missing);
});

test.each([
  ['nothing', []],
  ['the classic scope', ['meeting:write']],
  ['the classic admin scope', ['meeting:write:admin']],
  ['another classic scope', ['user:read', 'meeting:read:admin', 'recording:read:master']],
  ['classic names for a profile', ['user_profile', 'user_info:read']],
  ['a granular scope and one of a grammar that is not known', ['meeting:read:meeting', 'meeting:read:a:b:c']],
  ['a text that is no scope', ['everything!']],
])('with %s granted, Zoom decides', (_what, granted) => {
  expect(scopesMissing(granted, ['meeting:write:meeting', 'user:read:user'])).toEqual([]);
});

test.each([
  [['user:read:user', 'meeting:read:list_meetings'], []],
  [['user:read', 'meeting:read'], []],
  [['user:read:user'], ['meeting:read:list_meetings']],
  [[], []],
])('a connection with %p certainly lacks %p', (granted, missing) => {
  expect(missingRequiredScopes(granted)).toEqual(missing);
});

test('an authorization may ask for granular and classic names, never for admin scopes', () => {
  expect(KNOWN_SCOPES.has('meeting:write:meeting')).toBe(true);
  expect(KNOWN_SCOPES.has('meeting:write')).toBe(true);
  expect([...KNOWN_SCOPES].filter((scope) => /:(admin|master)$/.test(scope))).toEqual([]);
});

import { AppError } from '../../../src/lib/errors.js';
import { actorOf, assertAdmin, type Caller, subjectOf } from '../../../src/graphql/caller.js';

const caller = (role: Caller['role']): Caller => ({ userId: 'me', role });

test.each<[Caller['role'], string | null | undefined, string]>([
  ['user', undefined, 'me'],
  ['user', null, 'me'],
  ['user', 'me', 'me'],
  ['service', undefined, 'me'],
  ['service', 'someone', 'someone'],
  ['admin', 'someone', 'someone'],
])('a %s naming %p acts for %s', (role, onBehalfOf, subject) => {
  expect(subjectOf(caller(role), onBehalfOf)).toBe(subject);
});

test.each(['someone', 'ME', '', ' me'])(
  'a user naming %p is FORBIDDEN, and the argument named',
  (onBehalfOf) => {
    const attempt = () => subjectOf(caller('user'), onBehalfOf);
    expect(attempt).toThrow(AppError);
    expect(attempt).toThrow(
      expect.objectContaining({ code: 'FORBIDDEN', details: { argument: 'onBehalfOf' } }),
    );
  },
);

test.each([
  ['nothing', ''],
  ['257 characters', 'u'.repeat(257)],
  ['a lone high surrogate', 'x\ud800'],
  ['a lone low surrogate', '\udc00x'],
])('a service that names %s is told that onBehalfOf is no user id', (_what, onBehalfOf) => {
  for (const role of ['service', 'admin'] as const)
    expect(() => subjectOf(caller(role), onBehalfOf)).toThrow(
      expect.objectContaining({ code: 'BAD_USER_INPUT', details: { argument: 'onBehalfOf' } }),
    );
});

test.each<Caller['role']>(['user', 'service', 'admin'])(
  'the audit trail names a %s as what they are',
  (role) => {
    expect(actorOf(caller(role))).toEqual({ kind: role, id: 'me' });
  },
);

test('an admin may do what is for admins', () => {
  expect(() => {
    assertAdmin(caller('admin'), 'zoomGrants');
  }).not.toThrow();
});

test.each<Caller['role']>(['user', 'service'])('a %s may not do what is for admins', (role) => {
  expect(() => {
    assertAdmin(caller(role), 'zoomGrants');
  }).toThrow(expect.objectContaining({ code: 'FORBIDDEN', message: 'zoomGrants is for admins.' }));
});

import { effectOf, messageOf, undeliveredState } from '../../../src/events/event-policy.js';
import { type DeliveredState } from '../../../src/models/connection-event.js';
import { AUDIT_EVENT_TYPES } from '../../../src/models/audit-event.js';
import { type Grant } from '../../../src/grants/grant.js';
import { at, NOW, someGrant } from '../../support/grant-fixture.js';

const SINCE = at(-86_400_000);
const refusedSince = (since: Date) =>
  ({ cause: 'REFRESH_REFUSED', needsSupport: false, since, latest: NOW }) as const;
const ENDED = { isActive: false, reason: 'ROTATION_LOST' as const };

test('an authorization, an end, a takeover and a revocation change the status; a refresh may; nothing else does', () => {
  const effects = AUDIT_EVENT_TYPES.map((type) => [type, effectOf({ type })]).filter(([, effect]) => effect);
  expect(Object.fromEntries(effects)).toEqual({
    'grant.authorized': 'changed',
    'grant.ended': 'changed',
    'grant.superseded': 'changed',
    'grant.revoked': 'changed',
    'access_token.refreshed': 'recovered',
  });
});

test.each([
  ['REFRESH_REFUSED', 'changed'],
  ['SCOPES_CHANGED', 'changed'],
  ['ZOOM_UNAVAILABLE', undefined],
  ['ZOOM_APP_MISCONFIGURED', undefined],
])('a refresh that failed for %s has changed the status or its reason: %s', (cause, effect) => {
  expect(effectOf({ type: 'refresh.failed', cause })).toBe(effect);
});

describe('the state to report next', () => {
  const connected: DeliveredState = { status: 'CONNECTED', since: SINCE };
  const lost: DeliveredState = { status: 'REAUTHORIZATION_REQUIRED', reason: 'ROTATION_LOST', since: SINCE };
  test.each<[string, Grant | undefined, DeliveredState | undefined, DeliveredState | undefined]>([
    ['no grant', undefined, undefined, undefined],
    ['a first connection', someGrant(), undefined, connected],
    ['a state that was delivered already', someGrant(), connected, undefined],
    ['an end', someGrant(ENDED), connected, lost],
    ['a recovery', someGrant(), lost, connected],
    [
      'a different reason',
      someGrant({ ...ENDED, reason: 'SUPERSEDED' }),
      lost,
      { status: 'REAUTHORIZATION_REQUIRED', reason: 'SUPERSEDED', since: SINCE },
    ],
    ['a reconnect', someGrant({ since: NOW }), connected, { status: 'CONNECTED', since: NOW }],
    [
      'refusals of a day',
      someGrant({ refreshRefusal: refusedSince(at(-86_400_000)) }),
      connected,
      { status: 'CONNECTED', reason: 'REFRESH_REFUSED', since: at(-86_400_000) },
    ],
    ['a first refusal', someGrant({ refreshRefusal: refusedSince(NOW) }), connected, undefined],
    [
      'an outage of Zoom',
      someGrant({ refreshErrorCount: 3, refreshBackoff: { code: 'ZOOM_UNAVAILABLE', retryAt: at(1) } }),
      connected,
      undefined,
    ],
  ])('%s', (_what, grant, delivered, expected) => {
    expect(undeliveredState(grant, delivered, NOW)).toEqual(expected);
  });
});

test('a message has the user, the status, its reason, its time and its sequence number', () => {
  const { id, body } = messageOf('user-1', { status: 'CONNECTED', since: NOW }, 3);
  expect(JSON.parse(body)).toEqual({
    type: 'zoom_connection.changed',
    timestamp: '2026-01-15T12:00:00.000Z',
    data: {
      userId: 'user-1',
      status: 'CONNECTED',
      reason: null,
      since: '2026-01-15T12:00:00.000Z',
      sequence: 3,
    },
  });
  // No dot: Standard Webhooks signs id, timestamp and body with dots between them.
  expect(id).toMatch(/^msg_[\w-]{43}$/);
});

test('equal messages have equal ids, and different ones have different ids', () => {
  const state: DeliveredState = { status: 'REVOKED', reason: 'REVOKED_BY_USER', since: NOW };
  const idOf = (...message: Parameters<typeof messageOf>) => messageOf(...message).id;
  const id = idOf('user-1', state, 1);
  expect(idOf('user-1', structuredClone(state), 1)).toBe(id);
  expect(idOf('user-2', state, 1)).not.toBe(id);
  expect(idOf('user-1', state, 2)).not.toBe(id);
  expect(idOf('user-1', { status: 'REVOKED', reason: 'REVOKED_BY_USER', since: at(1) }, 1)).not.toBe(id);
});

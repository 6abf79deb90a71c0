import { bearingOf, messageOf, newsOf, nextDeliveryAt } from '../../../src/events/event-policy.js';
import { AUDIT_EVENT_TYPES } from '../../../src/models/audit-event.js';
import { at, NOW, someGrant } from '../../support/grant-fixture.js';

const SINCE = at(-86_400_000);
const ENDED = { isActive: false, reason: 'ROTATION_LOST' as const };

test('authorizations, ends, takeovers and revocations change the status; a refresh may heal it; nothing else does', () => {
  const bearings = AUDIT_EVENT_TYPES.map((type) => [type, bearingOf(type)]).filter(([, bearing]) => bearing);
  expect(Object.fromEntries(bearings)).toEqual({
    'grant.authorized': 'changed',
    'grant.ended': 'changed',
    'grant.superseded': 'changed',
    'grant.revoked': 'changed',
    'access_token.refreshed': 'recovered',
  });
});

describe('what there is to tell', () => {
  const connected = { status: 'CONNECTED', since: SINCE };
  const lost = { status: 'REAUTHORIZATION_REQUIRED', reason: 'ROTATION_LOST', since: SINCE };
  test.each([
    ['a first connection', someGrant(), undefined, connected],
    ['what was told already', someGrant(), connected, undefined],
    ['an end', someGrant(ENDED), connected, lost],
    ['a recovery', someGrant(), lost, connected],
    [
      'another reason',
      someGrant({ ...ENDED, reason: 'SUPERSEDED' }),
      lost,
      { ...lost, reason: 'SUPERSEDED' },
    ],
    ['a reconnect', someGrant({ since: NOW }), connected, { ...connected, since: NOW }],
    [
      'an outage of Zoom',
      someGrant({ refreshErrorCount: 3, refreshBackoff: { code: 'ZOOM_UNAVAILABLE', retryAt: at(1) } }),
      connected,
      undefined,
    ],
  ])('%s', (_what, grant, told, news) => {
    expect(newsOf(grant, told, NOW)).toEqual(news);
  });
});

test('a message says who, what, why, since when and the how manieth it is', () => {
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

test('the same message has the same id, another one another', () => {
  const told = { status: 'REVOKED', reason: 'REVOKED_BY_USER', since: NOW };
  const idOf = (...message: Parameters<typeof messageOf>) => messageOf(...message).id;
  const id = idOf('user-1', told, 1);
  expect(idOf('user-1', { ...told }, 1)).toBe(id);
  expect(idOf('user-2', told, 1)).not.toBe(id);
  expect(idOf('user-1', told, 2)).not.toBe(id);
  expect(idOf('user-1', { ...told, since: at(1) }, 1)).not.toBe(id);
});

test.each([
  [1, 5_000],
  [2, 10_000],
  [10, 2_560_000],
  [11, 3_600_000],
  [1_000, 3_600_000],
])('after %i tries in vain the next one is due in %i ms', (attempts, ms) => {
  expect(nextDeliveryAt(NOW, attempts)).toEqual(at(ms));
});

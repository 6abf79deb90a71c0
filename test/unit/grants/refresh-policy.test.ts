import fc from 'fast-check';
import {
  type ErrorResponse,
  isRefusal,
  type TokenRequestFailure,
} from '../../../src/oauth/token-request-error.js';
import { type Grant } from '../../../src/grants/grant.js';
import {
  accessTokenExpiry,
  classifyTokenRequestFailure,
  decideAccess,
  nextAttemptAt,
  REFRESH_MARGIN_MS,
  rejectionReason,
} from '../../../src/grants/refresh-policy.js';
import { at, NOW, someGrant } from '../../support/grant-fixture.js';

const MINUTE = 60_000;
const DAY = 86_400_000;

/** A decision in words that fit a table. */
function decide(grant: Grant | undefined, rejectedVersion?: number): string {
  const decision = decideAccess(grant, NOW, { rejectedVersion });
  if (decision.kind === 'use' || decision.kind === 'refresh') return decision.kind;
  const { code, details } = decision.error;
  return [code, details.reason, details.retryAt?.toISOString()].filter(Boolean).join(' ');
}

const left = (ms: number, changes: Partial<Grant> = {}) =>
  someGrant({ accessTokenExpiry: at(ms), ...changes });
const backoff = (ms: number) => ({ refreshBackoff: { code: 'ZOOM_UNAVAILABLE' as const, retryAt: at(ms) } });

describe('decideAccess', () => {
  test.each<[string, Grant | undefined, number | undefined, string]>([
    ['nobody who never connected', undefined, undefined, 'ZOOM_NOT_CONNECTED'],
    [
      'nobody who disconnected',
      someGrant({ isRevoked: true, isActive: false, reason: 'REVOKED_BY_USER' }),
      undefined,
      'ZOOM_NOT_CONNECTED REVOKED_BY_USER',
    ],
    [
      'nobody whose grant Zoom has ended',
      someGrant({ isActive: false, reason: 'ROTATION_LOST' }),
      undefined,
      'ZOOM_REAUTHORIZATION_REQUIRED ROTATION_LOST',
    ],
    [
      'nobody whose tokens are gone',
      someGrant({ accessTokenExpiry: undefined }),
      undefined,
      'ZOOM_REAUTHORIZATION_REQUIRED',
    ],
  ])('serves %s', (_who, grant, rejectedVersion, expected) => {
    expect(decide(grant, rejectedVersion)).toBe(expected);
  });

  test.each<[string, Grant, number | undefined, string]>([
    ['an hour left', left(60 * MINUTE), undefined, 'use'],
    ['a millisecond more than five minutes left', left(REFRESH_MARGIN_MS + 1), undefined, 'use'],
    ['exactly five minutes left', left(REFRESH_MARGIN_MS), undefined, 'refresh'],
    ['a millisecond left', left(1), undefined, 'refresh'],
    ['nothing left', left(0), undefined, 'refresh'],
    ['expired a day ago', left(-DAY), undefined, 'refresh'],
    ['refused by Zoom', left(60 * MINUTE), 7, 'refresh'],
    ['an older one refused by Zoom', left(60 * MINUTE), 6, 'use'],
  ])('a token with %s: %s', (_state, grant, rejectedVersion, expected) => {
    expect(decide(grant, rejectedVersion)).toBe(expected);
  });

  test.each<[string, Grant, number | undefined, string]>([
    ['an hour left is used', left(60 * MINUTE, backoff(MINUTE)), undefined, 'use'],
    ['four minutes left is used', left(4 * MINUTE, backoff(MINUTE)), undefined, 'use'],
    ['a millisecond left is used', left(1, backoff(MINUTE)), undefined, 'use'],
    [
      'nothing left is refused until the pause ends',
      left(0, backoff(MINUTE)),
      undefined,
      `ZOOM_UNAVAILABLE ${at(MINUTE).toISOString()}`,
    ],
    [
      'an hour left that Zoom refused is refused too',
      left(60 * MINUTE, backoff(MINUTE)),
      7,
      `ZOOM_UNAVAILABLE ${at(MINUTE).toISOString()}`,
    ],
    ['nothing left is refreshed when the pause ends now', left(0, backoff(0)), undefined, 'refresh'],
    ['nothing left is refreshed when the pause is over', left(0, backoff(-1)), undefined, 'refresh'],
  ])('while refreshes pause, a token with %s', (_state, grant, rejectedVersion, expected) => {
    expect(decide(grant, rejectedVersion)).toBe(expected);
  });

  test.each<[string, number, string]>([
    ['stored by the attempt in doubt', 7, 'refresh'],
    ['stored before a later attempt in doubt', 8, 'refresh'],
    ['stored after the attempts in doubt', 6, 'use'],
  ])('tokens %s: settling the contest means %s', (_state, upTo, expected) => {
    const grant = left(60 * MINUTE, { contest: { upTo, settleAt: NOW } });
    expect(decideAccess(grant, NOW, { settlesContest: true }).kind).toBe(expected);
    expect(decideAccess(grant, NOW).kind).toBe('use');
  });

  test('tokens that nobody has contested are not refreshed to settle anything', () => {
    expect(decideAccess(left(60 * MINUTE), NOW, { settlesContest: true }).kind).toBe('use');
  });

  const grants = fc
    .record({
      isActive: fc.boolean(),
      isRevoked: fc.boolean(),
      accessTokenExpiry: fc.option(fc.integer({ min: -DAY, max: DAY }).map(at), { nil: undefined }),
      refreshBackoff: fc.option(
        fc.integer({ min: -MINUTE, max: MINUTE }).map((ms) => backoff(ms).refreshBackoff),
        { nil: undefined },
      ),
      tokenVersion: fc.integer({ min: 1, max: 3 }),
    })
    .map(someGrant);
  const rejectedVersions = fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined });

  test('never hands out a token that is expired, refused by Zoom or of an ended grant', () => {
    fc.assert(
      fc.property(grants, rejectedVersions, (grant, rejectedVersion) => {
        if (decideAccess(grant, NOW, { rejectedVersion }).kind !== 'use') return true;
        const { isActive, isRevoked, accessTokenExpiry: expiry = NOW, tokenVersion } = grant;
        return isActive && !isRevoked && expiry > NOW && tokenVersion !== rejectedVersion;
      }),
    );
  });

  test('calls Zoom neither for an ended grant nor during a pause', () => {
    fc.assert(
      fc.property(grants, rejectedVersions, (grant, rejectedVersion) => {
        if (decideAccess(grant, NOW, { rejectedVersion }).kind !== 'refresh') return true;
        return (
          grant.isActive && !grant.isRevoked && !(grant.refreshBackoff && grant.refreshBackoff.retryAt > NOW)
        );
      }),
    );
  });
});

test('a caller whose refresh Zoom refuses learns the cause, the number of Zoom and the next try', () => {
  const refreshRefusal = {
    cause: 'SCOPES_CHANGED' as const,
    needsSupport: false,
    zoomCode: 4711,
    since: NOW,
    latest: NOW,
  };
  const refreshBackoff = { code: 'ZOOM_REFUSED' as const, retryAt: at(MINUTE) };
  expect(decideAccess(left(0, { refreshBackoff, refreshRefusal }), NOW)).toMatchObject({
    kind: 'wait',
    error: {
      code: 'ZOOM_REFUSED',
      details: { reason: 'SCOPES_CHANGED', zoomCode: 4711, retryAt: at(MINUTE) },
    },
  });
  expect(decideAccess(left(MINUTE, { refreshBackoff, refreshRefusal }), NOW).kind).toBe('use');
});

test('a caller is refused for good when the grant has ended, and until an instant in a backoff', () => {
  expect(decideAccess(undefined, NOW).kind).toBe('refuse');
  expect(decideAccess(left(0, backoff(MINUTE)), NOW)).toMatchObject({ kind: 'wait', retryAt: at(MINUTE) });
});

describe('classifyTokenRequestFailure', () => {
  const answered = (status: number, more: Partial<ErrorResponse> = {}) =>
    ({ kind: 'error_response', status, retryAfter: null, ...more }) as const;
  const transient = (code: string, outcomeKnown: boolean, retryAfter?: Date) => ({
    kind: 'transient',
    code,
    outcomeKnown,
    ...(retryAfter && { retryAfter }),
  });
  const refused = (more: object = {}) => ({
    kind: 'refused',
    cause: 'REFRESH_REFUSED',
    needsSupport: false,
    zoomCode: undefined,
    ...more,
  });
  const rejected = { kind: 'rejected' };
  const misconfigured = transient('ZOOM_APP_MISCONFIGURED', true);
  const DEAD = { reason: 'dead_token' } as const;

  test.each<[string, TokenRequestFailure, object]>([
    ['a dead refresh token', answered(400, { error: 'invalid_grant', ...DEAD }), rejected],
    ['a dead refresh token before August 2022', answered(401, { error: 'invalid_grant', ...DEAD }), rejected],
    ['a dead refresh token without a reason', answered(400, { error: 'invalid_grant' }), rejected],
    ['a dead refresh token in older words', answered(400, { error: 'invalid_request', ...DEAD }), rejected],
    ['a dead refresh token without an error', answered(401, DEAD), rejected],
    ['a dead refresh token under status 200', answered(200, { error: 'invalid_grant' }), rejected],
    ['wrong client credentials', answered(400, { error: 'invalid_client' }), misconfigured],
    ['wrong client credentials as 401', answered(401, { error: 'invalid_client' }), misconfigured],
    ['a client that may not', answered(400, { error: 'unauthorized_client' }), misconfigured],
    ['an unsupported grant', answered(400, { error: 'unsupported_grant_type' }), misconfigured],
    ['wrong client credentials in words alone', answered(400, { reason: 'invalid_client' }), misconfigured],
    ['wrong client credentials by number', answered(400, { code: 4702 }), misconfigured],
    ['a disabled app by number', answered(401, { code: 4717 }), misconfigured],
    ['another redirect URI', answered(400, { reason: 'redirect_mismatch' }), misconfigured],
    ['a request Zoom cannot read', answered(400, { error: 'invalid_request' }), refused()],
    ['an owner who is gone', answered(400, { code: 4735 }), refused({ zoomCode: 4735 })],
    ['a revoked token', answered(401, { code: 4741 }), refused({ zoomCode: 4741 })],
    [
      'a token disabled by an administrator',
      answered(400, { code: 4738 }),
      refused({ zoomCode: 4738, needsSupport: true }),
    ],
    [
      'the same in words',
      answered(400, { error: 'invalid_request', reason: 'disabled_by_admin' }),
      refused({ needsSupport: true }),
    ],
    ['changed scopes', answered(400, { code: 4711 }), refused({ zoomCode: 4711, cause: 'SCOPES_CHANGED' })],
    ['the same in words', answered(400, { reason: 'scopes_changed' }), refused({ cause: 'SCOPES_CHANGED' })],
    ['a page with status 400', answered(400), refused()],
    ['a page with status 403', answered(403), refused()],
    ['a refusal with an end', answered(403, { retryAfter: '2' }), refused({ retryAfter: at(2_000) })],
    ['a rate limit', answered(429), transient('ZOOM_RATE_LIMITED', true)],
    [
      'a rate limit in seconds',
      answered(429, { retryAfter: '17' }),
      transient('ZOOM_RATE_LIMITED', true, at(17_000)),
    ],
    [
      'a rate limit with an OAuth body',
      answered(429, { error: 'invalid_grant' }),
      transient('ZOOM_RATE_LIMITED', true),
    ],
    ['a request that took too long', answered(408), transient('ZOOM_UNAVAILABLE', false)],
    ['a request too early', answered(425), transient('ZOOM_UNAVAILABLE', true)],
    ['an outage', answered(500), transient('ZOOM_UNAVAILABLE', false)],
    [
      'an outage with an end',
      answered(503, { retryAfter: '2' }),
      transient('ZOOM_UNAVAILABLE', false, at(2_000)),
    ],
    [
      'invalid_grant with status 500',
      answered(500, { error: 'invalid_grant' }),
      transient('ZOOM_UNAVAILABLE', false),
    ],
    [
      'invalid_grant with status 302',
      answered(302, { error: 'invalid_grant' }),
      transient('ZOOM_UNAVAILABLE', true),
    ],
    [
      'invalid_client with status 503',
      answered(503, { error: 'invalid_client' }),
      transient('ZOOM_UNAVAILABLE', false),
    ],
    ['a success that cannot be read', { kind: 'malformed_success' }, transient('ZOOM_UNAVAILABLE', false)],
    ['an answer lost', { kind: 'network_error', sent: 'maybe' }, transient('ZOOM_UNAVAILABLE', false)],
    ['a request never sent', { kind: 'network_error', sent: 'no' }, transient('ZOOM_UNAVAILABLE', true)],
  ])('%s', (_situation, failure, expected) => {
    expect(classifyTokenRequestFailure(failure, NOW)).toEqual(expected);
  });

  const others = <T>(values: readonly T[], excluded: T) =>
    fc.constantFrom(...values.filter((value) => value !== excluded));
  const failures = fc.record({
    kind: fc.constant('error_response' as const),
    status: fc.integer({ min: 300, max: 599 }),
    error: others(
      [undefined, 'other', 'invalid_grant', 'invalid_client', 'invalid_token', 'server_error'] as const,
      'invalid_grant',
    ),
    reason: others(
      [undefined, 'dead_token', 'invalid_code', 'disabled_by_admin', 'scopes_changed'] as const,
      'dead_token',
    ),
    code: fc.option(fc.nat(99_999), { nil: undefined }),
    retryAfter: fc.option(fc.string()),
  });

  test('only a refusal of the token itself ends a grant', () => {
    fc.assert(
      fc.property(failures, (failure) => classifyTokenRequestFailure(failure, NOW).kind !== 'rejected'),
    );
  });

  test('a refusal is never called an outage, and an outage never a refusal', () => {
    fc.assert(
      fc.property(failures, (failure) => {
        const verdict = classifyTokenRequestFailure(failure, NOW);
        const isOutage = verdict.kind === 'transient' && verdict.code !== 'ZOOM_APP_MISCONFIGURED';
        return isOutage === !isRefusal(failure);
      }),
    );
  });
});

describe('rejectionReason', () => {
  test.each([
    ['an earlier outcome unknown', at(-MINUTE), true, 'ROTATION_LOST'],
    ['an earlier outcome unknown, and 90 days', at(-90 * DAY), true, 'ROTATION_LOST'],
    ['90 days', at(-90 * DAY), false, 'REFRESH_TOKEN_EXPIRED'],
    ['a millisecond less than 90 days', at(-90 * DAY + 1), false, 'REFRESH_TOKEN_REJECTED'],
    ['a minute', at(-MINUTE), false, 'REFRESH_TOKEN_REJECTED'],
    ['an unknown age', undefined, false, 'REFRESH_TOKEN_REJECTED'],
  ])('after %s: %s', (_age, refreshTokenIssuedAt, earlierOutcomeUnknown, expected) => {
    expect(rejectionReason({ refreshTokenIssuedAt }, { earlierOutcomeUnknown, now: NOW })).toBe(expected);
  });

  test('after a code whose redemption nobody recorded: ROTATION_LOST', () => {
    const grant = { refreshTokenIssuedAt: at(-MINUTE), unsettledAuthorization: at(-MINUTE) };
    expect(rejectionReason(grant, { earlierOutcomeUnknown: false, now: NOW })).toBe('ROTATION_LOST');
  });

  test.each([
    ['before a backup was restored', at(-2 * DAY), 'BACKUP_RESTORED'],
    ['after a backup was restored', at(-MINUTE), 'REFRESH_TOKEN_REJECTED'],
    ['at an unknown time', undefined, 'REFRESH_TOKEN_REJECTED'],
  ])('for a token that was stored %s: %p, %s', (_when, refreshTokenIssuedAt, expected) => {
    const facts = { earlierOutcomeUnknown: false, now: NOW, restoredAt: at(-DAY) };
    expect(rejectionReason({ refreshTokenIssuedAt }, facts)).toBe(expected);
  });
});

describe('nextAttemptAt', () => {
  test.each([
    [0, 500],
    [1, 500],
    [2, 1_000],
    [3, 2_000],
    [7, 32_000],
    [8, 60_000],
    [1_000, 60_000],
  ])('after %i failures waits at most %i ms, and with full jitter half of it', (errorCount, longest) => {
    expect(nextAttemptAt(NOW, errorCount, 0)).toEqual(at(longest));
    expect(nextAttemptAt(NOW, errorCount, 1)).toEqual(at(longest / 2));
  });

  test.each([
    [1, 500],
    [11, 512_000],
    [12, 900_000],
    [1_000, 900_000],
  ])('after %i refusals waits at most %i ms', (errorCount, longest) => {
    expect(nextAttemptAt(NOW, errorCount, 0, { isRefused: true })).toEqual(at(longest));
    expect(nextAttemptAt(NOW, errorCount, 1, { isRefused: true })).toEqual(at(longest / 2));
  });

  test('is never before the instant that Zoom named', () => {
    const jitter = fc.double({ min: 0, max: 1, noNaN: true });
    const instants = fc.integer({ min: -DAY, max: DAY }).map(at);
    fc.assert(
      fc.property(fc.nat(50), jitter, instants, (errorCount, share, retryAfter) => {
        const next = nextAttemptAt(NOW, errorCount, share, { retryAfter });
        return next >= retryAfter && next > NOW;
      }),
    );
  });
});

test('an access token ends its lifetime after the request was sent', () => {
  expect(accessTokenExpiry(NOW, 3599)).toEqual(at(3_599_000));
});

import fc from 'fast-check';
import { type TokenRequestFailure } from '../../../src/oauth/token-request-error.js';
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

test('a caller is refused for good when the grant has ended, and until an instant in a backoff', () => {
  expect(decideAccess(undefined, NOW).kind).toBe('refuse');
  expect(decideAccess(left(0, backoff(MINUTE)), NOW)).toMatchObject({ kind: 'wait', retryAt: at(MINUTE) });
});

describe('classifyTokenRequestFailure', () => {
  const oauth = (status: number, error: string, reason?: string, retryAfter: string | null = null) =>
    ({ kind: 'oauth_error', status, error, reason, retryAfter }) as const;
  const http = (status: number, retryAfter: string | null = null) =>
    ({ kind: 'http_error', status, retryAfter }) as const;
  const transient = (code: string, outcomeKnown: boolean, retryAfter?: Date) => ({
    kind: 'transient',
    code,
    outcomeKnown,
    ...(retryAfter && { retryAfter }),
  });
  const rejected = { kind: 'rejected' };
  const misconfigured = transient('ZOOM_APP_MISCONFIGURED', true);

  test.each<[string, TokenRequestFailure, object]>([
    ['a dead refresh token', oauth(400, 'invalid_grant', 'Invalid Token!'), rejected],
    ['a dead refresh token before August 2022', oauth(401, 'invalid_grant', 'Invalid Token!'), rejected],
    ['a dead refresh token without a reason', oauth(400, 'invalid_grant'), rejected],
    [
      "a dead refresh token in the older forum's words",
      oauth(400, 'invalid_request', 'Invalid Token!'),
      rejected,
    ],
    [
      'wrong client credentials',
      oauth(400, 'invalid_client', 'Invalid client_id or client_secret'),
      misconfigured,
    ],
    ['wrong client credentials as 401', oauth(401, 'invalid_client'), misconfigured],
    ['a client that may not', oauth(400, 'unauthorized_client'), misconfigured],
    ['an unsupported grant', oauth(400, 'unsupported_grant_type', 'unsupported grant type'), misconfigured],
    [
      'a request Zoom cannot read',
      oauth(400, 'invalid_request', 'Bad request'),
      transient('ZOOM_UNAVAILABLE', true),
    ],
    ['a rate limit', http(429), transient('ZOOM_RATE_LIMITED', true)],
    ['a rate limit in seconds', http(429, '17'), transient('ZOOM_RATE_LIMITED', true, at(17_000))],
    ['a rate limit with an OAuth body', oauth(429, 'invalid_grant'), transient('ZOOM_RATE_LIMITED', true)],
    ['an outage', http(500), transient('ZOOM_UNAVAILABLE', false)],
    ['an outage with an end', http(503, '2'), transient('ZOOM_UNAVAILABLE', false, at(2_000))],
    ['an HTML page of the edge', http(502), transient('ZOOM_UNAVAILABLE', false)],
    ['an HTML page with status 400', http(400), transient('ZOOM_UNAVAILABLE', true)],
    ['invalid_grant with status 500', oauth(500, 'invalid_grant'), transient('ZOOM_UNAVAILABLE', false)],
    ['invalid_grant with status 302', oauth(302, 'invalid_grant'), transient('ZOOM_UNAVAILABLE', true)],
    ['invalid_client with status 503', oauth(503, 'invalid_client'), transient('ZOOM_UNAVAILABLE', false)],
    ['a success that cannot be read', { kind: 'malformed_success' }, transient('ZOOM_UNAVAILABLE', false)],
    ['an answer lost', { kind: 'network_error', sent: 'maybe' }, transient('ZOOM_UNAVAILABLE', false)],
    ['a request never sent', { kind: 'network_error', sent: 'no' }, transient('ZOOM_UNAVAILABLE', true)],
  ])('%s', (_situation, failure, expected) => {
    expect(classifyTokenRequestFailure(failure, NOW)).toEqual(expected);
  });

  test('only a refusal of the token itself ends a grant', () => {
    const failures = fc.oneof(
      fc.record({
        kind: fc.constant('oauth_error' as const),
        status: fc.integer({ min: 300, max: 599 }),
        error: fc.string().filter((error) => error !== 'invalid_grant'),
        reason: fc.option(fc.string(), { nil: undefined }),
        retryAfter: fc.option(fc.string()),
      }),
      fc.record({
        kind: fc.constant('http_error' as const),
        status: fc.integer({ min: 201, max: 599 }),
        retryAfter: fc.option(fc.string()),
      }),
    );
    fc.assert(
      fc.property(failures, (failure) => classifyTokenRequestFailure(failure, NOW).kind === 'transient'),
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
    expect(rejectionReason({ refreshTokenIssuedAt }, earlierOutcomeUnknown, NOW)).toBe(expected);
  });

  test('after a code whose redemption nobody recorded: ROTATION_LOST', () => {
    const grant = { refreshTokenIssuedAt: at(-MINUTE), unsettledAuthorization: at(-MINUTE) };
    expect(rejectionReason(grant, false, NOW)).toBe('ROTATION_LOST');
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

  test('is never before the instant that Zoom named', () => {
    const jitter = fc.double({ min: 0, max: 1, noNaN: true });
    const instants = fc.integer({ min: -DAY, max: DAY }).map(at);
    fc.assert(
      fc.property(fc.nat(50), jitter, instants, (errorCount, share, retryAfter) => {
        const next = nextAttemptAt(NOW, errorCount, share, retryAfter);
        return next >= retryAfter && next > NOW;
      }),
    );
  });
});

test('an access token ends its lifetime after the request was sent', () => {
  expect(accessTokenExpiry(NOW, 3599)).toEqual(at(3_599_000));
});

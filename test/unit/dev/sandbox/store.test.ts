import { type Fault, FaultQueue } from '../../../../src/dev/sandbox/http/faults.js';
import { GrantStore } from '../../../../src/dev/sandbox/store/grant-store.js';
import { MovableClock } from '../../../../src/dev/sandbox/store/time.js';
import { RateLimiter } from '../../../../src/dev/sandbox/store/rate-limiter.js';
import { RequestLog } from '../../../../src/dev/sandbox/store/traffic.js';
import { awkwardUuid } from '../../../../src/dev/sandbox/store/identifiers.js';
import { OpaqueTokens } from '../../../../src/dev/sandbox/store/signed-tokens.js';
import { DEFAULT_SETTINGS } from '../../../../src/dev/sandbox/store/settings.js';
import { zoomIdentifier } from '../../../../src/dev/sandbox/store/identifiers.js';

const SUBJECT = { clientId: 'client', zoomUserId: 'user', accountId: 'account', scopes: ['a'] };
const newClock = () => new MovableClock(() => new Date('2026-03-01T12:00:00Z'));

describe('GrantStore', () => {
  it('gives an old refresh token no new grace period when it is redeemed again', () => {
    const clock = newClock();
    const store = new GrantStore(clock, { ...DEFAULT_SETTINGS, rotation: 'grace', graceMs: 100 });
    const first = store.authorize(SUBJECT).refreshToken ?? '';
    expect(store.redeem(first, 'client').kind).toBe('granted');
    clock.advance(60);
    expect(store.redeem(first, 'client').kind).toBe('granted');
    clock.advance(40);
    expect(store.redeem(first, 'client').kind).toBe('rejected');
  });

  it('redeems a refresh token for its own client only', () => {
    const store = new GrantStore(newClock(), DEFAULT_SETTINGS);
    const token = store.authorize(SUBJECT).refreshToken ?? '';
    expect(store.redeem(token, 'another').kind).toBe('rejected');
    expect(store.redeem(token, 'client').kind).toBe('granted');
  });

  it('accepts neither kind of token in place of the other', () => {
    const store = new GrantStore(newClock(), DEFAULT_SETTINGS);
    const { accessToken, refreshToken = '' } = store.authorize(SUBJECT);
    expect(store.inspectAccessToken(refreshToken).kind).toBe('invalid');
    expect(store.redeem(accessToken, 'client').kind).toBe('rejected');
  });

  it.each(['', '.', 'a.b', 'a.b.c', '..'])('reports %j as invalid', (token) => {
    expect(new GrantStore(newClock(), DEFAULT_SETTINGS).inspectAccessToken(token).kind).toBe('invalid');
  });
});

describe('OpaqueTokens', () => {
  it('can be read with their binding and before they expire only', () => {
    const clock = newClock();
    const sealed = new OpaqueTokens(clock);
    const token = sealed.issue('query', 30, 1000);
    expect(sealed.read(token, 'query')).toBe(30);
    expect(sealed.read(token, 'another')).toBeUndefined();
    expect(sealed.read(`x${token}`, 'query')).toBeUndefined();
    expect(new OpaqueTokens(clock).read(token, 'query')).toBeUndefined();
    clock.advance(1000);
    expect(sealed.read(token, 'query')).toBeUndefined();
  });
});

describe('FaultQueue', () => {
  it('returns the oldest matching fault as many times as it says', () => {
    const queue = new FaultQueue();
    const twice: Fault = { target: 'api', kind: 'reset', times: 2, path: '/v2/users' };
    const token: Fault = { target: 'token', kind: 'hang' };
    queue.inject(twice);
    queue.inject(token);
    expect(queue.take('api', '/v2/meetings/1', 'GET')).toBeUndefined();
    expect(queue.take('refresh', '/oauth/token', 'POST')).toBe(token);
    expect(queue.take('exchange', '/oauth/token', 'POST')).toBeUndefined();
    expect([1, 2, 3].map(() => queue.take('api', '/v2/users/me', 'GET'))).toEqual([twice, twice, undefined]);
  });
});

describe('RateLimiter', () => {
  it('counts each key separately and starts again with the next window', () => {
    const clock = newClock();
    const limiter = new RateLimiter(clock);
    const allowed = (key: string) => limiter.hit(key, 2, 1000).allowed;
    expect([allowed('a'), allowed('a'), allowed('a'), allowed('b')]).toEqual([true, true, false, true]);
    clock.advance(1000);
    expect(allowed('a')).toBe(true);
  });
});

it('RequestLog keeps the last thousand requests', () => {
  const log = new RequestLog();
  for (let index = 0; index < 1005; index += 1) log.open(new Date(0), 'GET', `/${index}`);
  expect(log.list()).toHaveLength(1000);
  expect(log.list()[0]?.path).toBe('/5');
});

it('ids look like those of Zoom', () => {
  expect(zoomIdentifier()).toMatch(/^[\w-]{22}$/);
  expect(awkwardUuid('leading_slash')).toMatch(/^\/[A-Za-z0-9+/]{21}==$/);
  expect(awkwardUuid('double_slash')).toContain('//');
});

import { type FastifyReply } from 'fastify';
import { type SandboxState } from '../state.js';
import { type RateVerdict } from '../store/rate-limiter.js';
import { ApiError, type RateLimitLabel } from './api-call.js';
import { DAY_MS } from '../store/time.js';

const SECOND_MS = 1000;
const WRITES_PER_DAY = 100;

interface Limits {
  perSecond: number;
  perDay?: number;
}

const LIMITS: Record<'free' | 'pro' | 'business', Record<RateLimitLabel, Limits>> = {
  free: { Light: { perSecond: 4, perDay: 6000 }, Medium: { perSecond: 2, perDay: 2000 } },
  pro: { Light: { perSecond: 30 }, Medium: { perSecond: 20 } },
  business: { Light: { perSecond: 80 }, Medium: { perSecond: 60 } },
};

/**
 * Counts a call against the limits of its account, by `rateLimitPlan`. All apps and users of an account share them.
 */
export function checkRateLimit(
  state: SandboxState,
  accountId: string,
  label: RateLimitLabel,
  reply: FastifyReply,
): void {
  const { rateLimitPlan, rateLimitHeaders } = state.settings;
  if (rateLimitHeaders !== 'none') void reply.header('x-ratelimit-category', label);
  if (rateLimitPlan === 'off') return;
  const { perSecond, perDay } = LIMITS[rateLimitPlan][label];
  const second = state.rateLimiter.hit(`second:${label}:${accountId}`, perSecond, SECOND_MS);
  const day =
    perDay === undefined ? undefined : state.rateLimiter.hit(`day:${label}:${accountId}`, perDay, DAY_MS);
  const isDaily = day?.allowed === false;
  if (rateLimitHeaders === 'full') {
    describe(
      reply,
      isDaily ? 'Daily-limit' : 'QPS',
      isDaily ? (perDay ?? 0) : perSecond,
      isDaily ? day : second,
    );
  }
  if (isDaily) throw dailyLimit();
  if (!second.allowed) throw perSecondLimit();
}

function describe(
  reply: FastifyReply,
  type: 'QPS' | 'Daily-limit',
  limit: number,
  verdict: RateVerdict,
): void {
  void reply.headers({
    'x-ratelimit-type': type,
    'x-ratelimit-limit': String(limit),
    'x-ratelimit-remaining': String(verdict.remaining),
  });
  if (verdict.allowed || type === 'QPS') return;
  void reply.header('retry-after', new Date(verdict.resetsAtMs).toISOString().replace('.000Z', 'Z'));
}

function perSecondLimit(): ApiError {
  const message = 'You have reached the maximum per-second rate limit for this API. Try again later.';
  return new ApiError(429, 429, message);
}

function dailyLimit(): ApiError {
  const message =
    'You have reached the maximum daily rate limit for this API. Refer to the response header for details on when ' +
    'you can make another request.';
  return new ApiError(429, 429, message);
}

/** Counts a create or update request of a host: at most 100 per UTC day. */
export function countDailyWrite(state: SandboxState, zoomUserId: string): void {
  const { allowed } = state.rateLimiter.hit(`writes:${zoomUserId}`, WRITES_PER_DAY, DAY_MS);
  if (allowed) return;
  const message =
    'You have exceeded the daily rate limit (100) of Meeting Create/Update API requests permitted for this ' +
    'particular user. You may resume these requests at GMT 00:00:00.';
  throw new ApiError(429, 429, message);
}

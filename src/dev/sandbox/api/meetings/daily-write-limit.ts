import { type SandboxState } from '../../state.js';
import { ApiError } from '../api-error.js';

const DAY_MS = 86_400_000;
const WRITES_PER_DAY = 100;

/** Counts a create or update request against the host's hundred per UTC day. */
export function countDailyWrite(state: SandboxState, zoomUserId: string): void {
  const { allowed } = state.rateLimiter.hit(`writes:${zoomUserId}`, WRITES_PER_DAY, DAY_MS);
  if (allowed) return;
  const message =
    'You have exceeded the daily rate limit (100) of Meeting Create/Update API requests permitted for this ' +
    'particular user. You may resume these requests at GMT 00:00:00.';
  throw new ApiError(429, 429, message);
}

import { REFRESH_TOKEN_LIFETIME_MS } from './refresh-policy.js';

/** How much of a refresh token's life (ms) is left for retries when the maintenance uses it. */
const LEFT_FOR_RETRIES_MS = 14 * 86_400_000;

/** The age (ms) at which a refresh token is used although nobody asks. */
export const KEEP_ALIVE_AFTER_MS = REFRESH_TOKEN_LIFETIME_MS - LEFT_FOR_RETRIES_MS;

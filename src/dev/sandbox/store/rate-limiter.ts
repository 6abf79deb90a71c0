import { type MovableClock } from './time.js';

export interface RateVerdict {
  allowed: boolean;
  remaining: number;
  /** The end of the window, ms since the epoch. */
  resetsAtMs: number;
}

/** Counts requests in fixed windows of the movable clock, such as a second or a UTC day. */
export class RateLimiter {
  private readonly windows = new Map<string, { startMs: number; count: number }>();

  constructor(private readonly clock: MovableClock) {}

  hit(key: string, limit: number, windowMs: number): RateVerdict {
    const startMs = Math.floor(this.clock.nowMs() / windowMs) * windowMs;
    const known = this.windows.get(key);
    const window = known?.startMs === startMs ? known : { startMs, count: 0 };
    window.count += 1;
    this.windows.set(key, window);
    return {
      allowed: window.count <= limit,
      remaining: Math.max(0, limit - window.count),
      resetsAtMs: startMs + windowMs,
    };
  }
}

import { createHmac, randomBytes } from 'node:crypto';
import { type MovableClock } from './movable-clock.js';

const SEAL_LENGTH = 43;

/** Opaque tokens that carry a number, expire, and are good only for what they were bound to. */
export class SealedTokens {
  private readonly key = randomBytes(32);

  constructor(private readonly clock: MovableClock) {}

  issue(binding: string, value: number, lifetimeMs: number): string {
    const content = Buffer.from(JSON.stringify([value, this.clock.nowMs() + lifetimeMs]));
    return `${content.toString('base64url')}${this.seal(content, binding)}`;
  }

  /** The number in a token, or undefined when it is forged, expired or bound to something else. */
  read(token: string, binding: string): number | undefined {
    const content = Buffer.from(token.slice(0, -SEAL_LENGTH), 'base64url');
    if (this.seal(content, binding) !== token.slice(-SEAL_LENGTH)) return undefined;
    const [value, expiresAtMs] = JSON.parse(content.toString()) as [number, number];
    return this.clock.nowMs() < expiresAtMs ? value : undefined;
  }

  private seal(content: Buffer, binding: string): string {
    return createHmac('sha256', this.key).update(content).update(binding).digest('base64url');
  }
}

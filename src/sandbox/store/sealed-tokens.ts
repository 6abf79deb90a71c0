import { createHmac, randomBytes } from 'node:crypto';
import { type MovableClock } from './movable-clock';

const PAGE_TOKEN_LIFETIME_MS = 15 * 60_000;

/** Opaque `next_page_token`s: 15 minutes, good only for the query that they came from. */
export class PageTokens {
  private readonly key = randomBytes(32);

  constructor(private readonly clock: MovableClock) {}

  issue(query: string, offset: number): string {
    const content = Buffer.from(JSON.stringify([offset, this.clock.nowMs() + PAGE_TOKEN_LIFETIME_MS]));
    return `${content.toString('base64url')}${this.seal(content, query)}`;
  }

  /** The offset a token stands for, or undefined when it is forged, expired or of another query. */
  read(token: string, query: string): number | undefined {
    const content = Buffer.from(token.slice(0, -43), 'base64url');
    if (this.seal(content, query) !== token.slice(-43)) return undefined;
    const [offset, expiresAtMs] = JSON.parse(content.toString()) as [number, number];
    return this.clock.nowMs() < expiresAtMs ? offset : undefined;
  }

  private seal(content: Buffer, query: string): string {
    return createHmac('sha256', this.key).update(content).update(query).digest('base64url');
  }
}

import { createHash } from 'node:crypto';
import { type AuthorizationRequest } from '../../models/authorization-request.js';
import { type Models } from '../../models/database.js';

/** What consuming a state gives. */
export type ConsumedRequest =
  | { kind: 'consumed'; request: AuthorizationRequest }
  | { kind: 'unknown' }
  | { kind: 'expired' | 'browser_mismatch'; request: AuthorizationRequest };

/** How long a user has from the start to the callback. */
export const AUTHORIZATION_REQUEST_LIFETIME_MS = 10 * 60_000;

/** The pending authorizations. Neither a state nor a browser binding is stored in the clear. */
export class AuthorizationRequestStore {
  constructor(private readonly models: Models) {}

  async create(request: AuthorizationRequest): Promise<void> {
    await this.models.authorizationRequests.create(request);
  }

  /**
   * Takes the request of a state, once and for all: of two callbacks at the same time one gets it. Only the browser
   * that began can take it, and only in time; for all others nothing changes.
   */
  async consume(state: string, browserBinding: string | undefined, now: Date): Promise<ConsumedRequest> {
    const _id = hash(state);
    const model = this.models.authorizationRequests;
    if (browserBinding) {
      const request = await model
        .findOneAndDelete({ _id, browserBinding: hash(browserBinding), expiresAt: { $gt: now } })
        .lean();
      if (request) return { kind: 'consumed', request };
    }
    const request = await model.findOne({ _id }).lean();
    if (!request) return { kind: 'unknown' };
    return { kind: request.expiresAt <= now ? 'expired' : 'browser_mismatch', request };
  }
}

/** SHA-256, base64url: how a state and a browser binding are stored. */
export function hash(value: string): string {
  return createHash('sha256').update(value, 'utf8').digest('base64url');
}

/** A short id of a pending request for the name of its cookie, so that several tabs stay apart. */
export function cookieIdOf(state: string): string {
  return hash(state).slice(0, 12);
}

import { createHash } from 'node:crypto';
import { type AuthorizationRequest } from '../../models/authorization-request.js';
import { type Models } from '../../models/database.js';

export type ConsumedRequest =
  | { kind: 'consumed'; request: AuthorizationRequest }
  | { kind: 'unknown' }
  | { kind: 'expired' | 'browser_mismatch'; request: AuthorizationRequest };

/** How much time a user has between the start and the callback. */
export const AUTHORIZATION_REQUEST_LIFETIME_MS = 10 * 60_000;

/** The pending authorizations. States and browser bindings are stored as hashes only. */
export class AuthorizationRequestStore {
  constructor(private readonly models: Models) {}

  async create(request: AuthorizationRequest): Promise<void> {
    await this.models.authorizationRequests.create(request);
  }

  /**
   * Reads and deletes the request of a state in one step: of two callbacks at the same time, only one gets it. It must
   * come from the browser that began, and in time; otherwise nothing changes.
   */
  async consume(state: string, browserBinding: string | undefined, now: Date): Promise<ConsumedRequest> {
    const _id = sha256Base64url(state);
    const model = this.models.authorizationRequests;
    if (browserBinding) {
      // defence: one-callback-for-each-state
      const request = await model
        .findOneAndDelete({
          _id,
          // defence: only-the-browser-that-began
          browserBinding: sha256Base64url(browserBinding),
          // defence: state-in-time
          expiresAt: { $gt: now },
        })
        .lean();
      if (request) return { kind: 'consumed', request };
    }
    const request = await model.findOne({ _id }).lean();
    if (!request) return { kind: 'unknown' };
    return { kind: request.expiresAt <= now ? 'expired' : 'browser_mismatch', request };
  }
}

/** SHA-256 in base64url. */
export function sha256Base64url(value: string): string {
  return createHash('sha256').update(value, 'utf8').digest('base64url');
}

/** A short id of a pending request. It is part of the cookie's name, so that several tabs do not disturb each other. */
export function cookieIdOf(state: string): string {
  return sha256Base64url(state).slice(0, 12);
}

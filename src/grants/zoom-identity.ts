import { decodeJwt } from 'jose';
import { defined } from '../lib/defined.js';
import { type Secret } from '../lib/secret.js';

/** Who a grant belongs to at Zoom. */
export interface ZoomIdentity {
  zoomUserId?: string;
  zoomEmail?: string;
  zoomAccountId?: string;
}

/** What asking Zoom with an access token gives. `refused`: the token is dead. `unknown`: Zoom did not say. */
export type IdentityAnswer =
  { kind: 'known'; identity: ZoomIdentity } | { kind: 'refused' } | { kind: 'unknown' };

/** Asks Zoom whose access token it is. Never rejects. */
export type ReadIdentity = (accessToken: Secret, apiUrl: string | undefined) => Promise<IdentityAnswer>;

/**
 * The identity in the token itself, for when Zoom cannot be asked: the scope was not granted, or the API is down. The
 * signature is not verified, since the token came from Zoom over TLS a moment ago. Zoom has used two sets of names
 * (docs/zoom-protocol.md §1.2).
 */
export function identityFromClaims(accessToken: Secret): ZoomIdentity {
  try {
    const claims = decodeJwt(accessToken.reveal());
    const text = (...names: string[]) =>
      names
        .map((name) => claims[name])
        .find((value): value is string => typeof value === 'string' && value.trim() !== '');
    return defined({ zoomUserId: text('uid', 'userId'), zoomAccountId: text('aid', 'accountId') });
  } catch {
    return {};
  }
}

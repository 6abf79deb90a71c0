import DataLoader from 'dataloader';
import { type Origin } from '../audit/audit-log.js';
import { type Grant } from '../grants/grant.js';
import { type GrantStore } from '../grants/store/grant-store.js';
import { type ZoomAccess } from '../zoom/api/zoom-access.js';
import { type ZoomClient } from '../zoom/api/zoom-client.js';

/** Made for each request. Any number of fields about one user cost one read and one decryption. */
export interface Loaders {
  grants: DataLoader<string, Grant | undefined>;
  accessTokens: DataLoader<string, AccessToken>;
  /** Removes a user from the cache, after a mutation has changed the grant. */
  forget(userId: string): void;
}

/** A user without a grant loads as undefined. A token that cannot be loaded fails for its user only. */
export function createLoaders(grantStore: GrantStore, tokens: TokenService, origin: () => Origin): Loaders {
  const grants = new DataLoader<string, Grant | undefined>(async (userIds) => {
    const found = await grantStore.findMany(userIds);
    return userIds.map((userId) => found.get(userId));
  });
  const accesses = new Map<string, ZoomAccess>();
  const zoomAs = (userId: string) => {
    const access = accesses.get(userId) ?? zoom.as({ userId, origin: origin(), grants });
    accesses.set(userId, access);
    return access;
  };
  const forget = (userId: string) => {
    grants.clear(userId);
    accesses.delete(userId);
  };
  return { grants, zoomAs, forget };
}

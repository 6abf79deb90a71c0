import DataLoader from 'dataloader';
import { type Initiator } from '../audit/audit-log.js';
import { type Grant } from '../grants/grant.js';
import { type GrantStore } from '../grants/store/grant-store.js';
import { type ZoomAccess } from '../zoom/api/zoom-access.js';
import { type ZoomClient } from '../zoom/api/zoom-client.js';

/** One set per request: any number of fields about a user cost one read and one decryption. */
export interface Loaders {
  grants: DataLoader<string, Grant | undefined>;
  /** Zoom as a user sees it; the same object, and so the same access token, for all fields of the request. */
  zoomAs(userId: string): ZoomAccess;
  /** Forgets a user after a mutation changed the grant. */
  forget(userId: string): void;
}

/** Loaders for one request. Users without a grant load as undefined. */
export function createLoaders(grantStore: GrantStore, zoom: ZoomClient, initiator: () => Initiator): Loaders {
  const grants = new DataLoader<string, Grant | undefined>(async (userIds) => {
    const found = await grantStore.findMany(userIds);
    return userIds.map((userId) => found.get(userId));
  });
  const accesses = new Map<string, ZoomAccess>();
  const zoomAs = (userId: string) => {
    const access = accesses.get(userId) ?? zoom.as({ userId, initiator: initiator(), grants });
    accesses.set(userId, access);
    return access;
  };
  const forget = (userId: string) => {
    grants.clear(userId);
    accesses.delete(userId);
  };
  return { grants, zoomAs, forget };
}

import DataLoader from 'dataloader';
import { type Origin } from '../audit/audit-log.js';
import { type AccessToken } from '../grants/refresh/access-tokens.js';
import { type Grant } from '../grants/grant.js';
import { type GrantStore } from '../grants/store/grant-store.js';
import { type AccessTokens } from '../grants/refresh/access-tokens.js';

/** One set per request: any number of fields about a user cost one read and one decryption. */
export interface Loaders {
  grants: DataLoader<string, Grant | undefined>;
  accessTokens: DataLoader<string, AccessToken>;
  /** Forgets a user after a mutation changed the grant. */
  forget(userId: string): void;
}

/** Loaders for one request. Users without a grant load as undefined; a failed token load rejects for its user only. */
export function createLoaders(grantStore: GrantStore, tokens: AccessTokens, origin: () => Origin): Loaders {
  const grants = new DataLoader<string, Grant | undefined>(async (userIds) => {
    const found = await grantStore.findMany(userIds);
    return userIds.map((userId) => found.get(userId));
  });
  const accessTokens = new DataLoader<string, AccessToken>((userIds) =>
    Promise.all(
      userIds.map(async (userId) => {
        try {
          return await tokens.get(userId, { origin: origin(), grant: await grants.load(userId) });
        } catch (error) {
          return error as Error;
        }
      }),
    ),
  );
  const forget = (userId: string) => {
    grants.clear(userId);
    accessTokens.clear(userId);
  };
  return { grants, accessTokens, forget };
}

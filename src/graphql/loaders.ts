import DataLoader from 'dataloader';
import { type Origin } from '../audit/audit-log.js';
import { type AccessToken } from '../grants/refresh/access-token.js';
import { type Grant } from '../grants/grant.js';
import { type GrantStore } from '../grants/store/grant-store.js';
import { type TokenService } from '../grants/refresh/token-service.js';

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
  const accessTokens = new DataLoader<string, AccessToken>((userIds) =>
    Promise.all(
      userIds.map(async (userId) => {
        try {
          return await tokens.getAccessToken(userId, { origin: origin(), grant: await grants.load(userId) });
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

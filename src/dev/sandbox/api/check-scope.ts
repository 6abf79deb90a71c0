import { type Grant } from '../store/grant-store.js';
import { ApiError, missingScope } from './api-error.js';

/**
 * A user's token reaches only `me` and needs the plain scope; a Server-to-Server token needs the admin twin and may
 * not say `me`. `pathUserId` is undefined for paths without a user.
 */
export function checkScope(grant: Grant, scope: string, pathUserId: string | undefined): void {
  const admin = `${scope}:admin`;
  if (grant.zoomUserId === '') {
    if (pathUserId === 'me') {
      throw new ApiError(400, 4700, 'This API does not support client credentials for authorization.');
    }
    if (!grant.scopes.includes(admin)) throw missingScope(admin);
    return;
  }
  if (!grant.scopes.includes(scope)) throw missingScope(scope, admin);
  if (pathUserId !== undefined && pathUserId !== 'me') throw missingScope(admin);
}

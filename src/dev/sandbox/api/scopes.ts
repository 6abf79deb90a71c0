import { type Grant } from '../store/grant-store.js';
import { ApiError, type Reach } from './api-call.js';

/** The classic scopes that allow a call, by its granular scope (docs/zoom-protocol.md §6). */
const CLASSIC_SCOPES: Readonly<Record<string, readonly string[]>> = {
  'user:read:user': ['user:read', 'user_info:read', 'user_profile'],
  'user:read:settings': ['user:read'],
  'user:read:zak': ['user_zak:read'],
  'user:read:token': ['user:read'],
  'meeting:read:list_meetings': ['meeting:read'],
  'meeting:read:meeting': ['meeting:read'],
  'meeting:write:meeting': ['meeting:write'],
  'meeting:update:meeting': ['meeting:write'],
  'meeting:delete:meeting': ['meeting:write'],
  'cloud_recording:read:list_user_recordings': ['recording:read'],
  'cloud_recording:read:list_recording_files': ['recording:read'],
};

/**
 * Checks that a token may make a call which needs the granular scope `scope`, and says whose data it reaches. A user's
 * token needs the scope or its classic form, and reaches only `me`. With `:admin` behind it, the scope reaches the
 * account; a Server-to-Server token needs that form and cannot use `me`. `pathUserId` is undefined for a path without a
 * user.
 */
export function checkScope(grant: Grant, scope: string, pathUserId: string | undefined): Reach {
  const forms = [scope, ...(CLASSIC_SCOPES[scope] ?? [])];
  const isAdmin = forms.some((form) => grant.scopes.includes(`${form}:admin`));
  const names = isClassic(grant) ? forms.slice(1, 2) : [scope];
  const admin = names.map((name) => `${name}:admin`);
  if (grant.zoomUserId === '' && pathUserId === 'me') {
    throw new ApiError(400, 4700, 'This API does not support client credentials for authorization.');
  }
  const isOwn = grant.zoomUserId !== '' && (pathUserId === undefined || pathUserId === 'me');
  if (isAdmin) return 'account';
  if (isOwn && forms.some((form) => grant.scopes.includes(form))) return 'self';
  throw missingScope(grant, isOwn ? [...names, ...admin] : admin);
}

/** Classic scopes have two parts, such as `meeting:read`, or are `user_profile`. Granular ones have three. */
function isClassic({ scopes }: Grant): boolean {
  return scopes.some((scope) => scope.replace(/:(admin|master)$/, '').split(':').length < 3);
}

/** The message lists every scope that would be sufficient. Apps with classic scopes get another code. */
function missingScope(grant: Grant, accepted: readonly string[]): ApiError {
  const message = `Invalid access token, does not contain scopes:[${accepted.join(', ')}].`;
  return new ApiError(400, isClassic(grant) ? 4700 : 4711, message);
}

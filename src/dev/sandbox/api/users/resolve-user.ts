import { type SandboxUser } from '../../store/users.js';
import { noSuchUser } from '../api-error.js';
import { type ApiCall } from '../api-route.js';

/** The user in the path: the grant's own for `me`, else one of the account by id or email. */
export function resolveUser({ state, grant, request }: ApiCall): SandboxUser {
  const { userId } = request.params as { userId: string };
  const user =
    grant.zoomUserId === ''
      ? state.users.findInAccount(userId, grant.accountId)
      : state.users.find(grant.zoomUserId);
  if (!user) throw noSuchUser(userId);
  return user;
}

/** Whether a token reaches what belongs to a user: its own user's, or anything in the account of an app. */
export function mayActFor({ grant }: Pick<ApiCall, 'grant'>, owner: SandboxUser): boolean {
  return grant.zoomUserId === '' ? owner.accountId === grant.accountId : owner.id === grant.zoomUserId;
}

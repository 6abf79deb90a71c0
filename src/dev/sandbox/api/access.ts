import { type FastifyRequest } from 'fastify';
import { pathOf, queryOf } from '../http/requests.js';
import { type SandboxState } from '../state.js';
import { type Grant } from '../store/grant-store.js';
import { type SandboxMeeting } from '../store/meetings.js';
import { type SandboxUser } from '../store/users.js';
import {
  type ApiCall,
  ApiError,
  invalidAccessToken,
  missingScope,
  noSuchMeeting,
  noSuchUser,
} from './api-call.js';

const KEY_POSITION = '/v2/meetings/{id}'.split('/').length - 1;

/** The grant of a request's Bearer token (RFC 6750 §2.1). A token in the query is refused. */
export function authenticate(state: SandboxState, request: FastifyRequest): Grant {
  const bearer = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (!bearer && queryOf(request).has('access_token')) {
    const message = 'Invalid access token, this access token is not supported as query parameter string.';
    throw new ApiError(401, 124, message);
  }
  const access = state.grants.inspectAccessToken(bearer ?? '');
  if (access.kind === 'expired') throw new ApiError(401, 124, 'Access token is expired.');
  if (access.kind === 'invalid') throw invalidAccessToken();
  return access.grant;
}

/**
 * Checks the scope of a token. A user's token needs `scope` and reaches only `me`. A Server-to-Server token needs
 * the same scope with `:admin` and cannot use `me`. `pathUserId` is undefined for a path without a user.
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

/** The user in the path: for a user's token that user, for a Server-to-Server token a user of its account. */
export function resolveUser({ state, grant, request }: ApiCall): SandboxUser {
  const { userId } = request.params as { userId: string };
  const user =
    grant.zoomUserId === ''
      ? state.users.findInAccount(userId, grant.accountId)
      : state.users.find(grant.zoomUserId);
  if (!user) throw noSuchUser(userId);
  return user;
}

/** Whether a token reaches the data of a user: of its own user or, for a Server-to-Server token, of its account. */
export function canReach({ grant }: Pick<ApiCall, 'grant'>, owner: SandboxUser): boolean {
  return grant.zoomUserId === '' ? owner.accountId === grant.accountId : owner.id === grant.zoomUserId;
}

/**
 * The meeting number or UUID in the path. As at Zoom, a UUID that starts with `/` or contains `//` must be encoded
 * twice. If it is encoded once, no meeting is found.
 */
export function meetingKeyOf(request: FastifyRequest): { key: string; isReachable: boolean } {
  const once = decode(pathOf(request).split('/')[KEY_POSITION] ?? '');
  const isReachable = !once.startsWith('/') && !once.includes('//');
  return { key: decode(once), isReachable };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * The meeting in the path and its host. A meeting that the token does not reach is treated as if it did not exist.
 */
export function findMeeting(call: ApiCall): { meeting: SandboxMeeting; host: SandboxUser } {
  const { key, isReachable } = meetingKeyOf(call.request);
  const meeting = isReachable ? call.state.meetings.find(key) : undefined;
  const host = meeting && call.state.users.find(meeting.host_id);
  if (!meeting || !host || !canReach(call, host)) throw noSuchMeeting(key);
  return { meeting, host };
}

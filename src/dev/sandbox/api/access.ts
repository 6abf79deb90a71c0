import { type FastifyRequest } from 'fastify';
import { pathOf, queryOf } from '../http/requests.js';
import { type SandboxState } from '../state.js';
import { type Grant } from '../store/grant-store.js';
import { type SandboxMeeting } from '../store/meetings.js';
import { type SandboxUser } from '../store/users.js';
import { type ApiCall, ApiError, invalidAccessToken, noSuchMeeting, noSuchUser } from './api-call.js';

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

/** The user in the path: `me`, or a user of the account by id or email. */
export function resolveUser({ state, grant, request }: ApiCall): SandboxUser {
  const { userId } = request.params as { userId: string };
  const user =
    userId === 'me' ? state.users.find(grant.zoomUserId) : state.users.findInAccount(userId, grant.accountId);
  if (!user) throw noSuchUser(userId);
  return user;
}

/** Whether a call may use the data of a user. */
export function canReach({ grant, reach }: Pick<ApiCall, 'grant' | 'reach'>, owner: SandboxUser): boolean {
  return reach === 'account' ? owner.accountId === grant.accountId : owner.id === grant.zoomUserId;
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
 * The meeting in the path and its host. A meeting that the token does not reach is treated as if it did not exist; only
 * a change of another host's meeting in the same account is refused.
 */
export function findMeeting(call: ApiCall): { meeting: SandboxMeeting; host: SandboxUser } {
  const { key, isReachable } = meetingKeyOf(call.request);
  const meeting = isReachable ? call.state.meetings.find(key) : undefined;
  const host = meeting && call.state.users.find(meeting.host_id);
  const isForeign = host !== undefined && !canReach(call, host);
  if (isForeign && call.request.method !== 'GET' && host.accountId === call.grant.accountId) {
    throw new ApiError(400, 3003, 'You are not the meeting host.');
  }
  if (!meeting || !host || isForeign) throw noSuchMeeting(key);
  return { meeting, host };
}

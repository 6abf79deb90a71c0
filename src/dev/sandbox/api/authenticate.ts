import { type FastifyRequest } from 'fastify';
import { queryOf } from '../http/requests.js';
import { type Grant } from '../store/grant-store.js';
import { type SandboxState } from '../state.js';
import { ApiError, invalidAccessToken } from './api-error.js';

/** The grant behind the Bearer token of a request (RFC 6750 §2.1); a token in the query is refused for its place. */
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

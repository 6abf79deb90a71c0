import { randomBytes } from 'node:crypto';
import { resolveUser } from './access.js';
import { type ApiRoute, validationFailed } from './api-call.js';

/** `GET /v2/users/{userId}/zak`: a token that starts a meeting as this user. */
export const getZak: ApiRoute = {
  method: 'GET',
  url: '/v2/users/:userId/zak',
  scope: 'user:read:zak',
  label: 'Light',
  handle(call) {
    resolveUser(call);
    return { token: fakeZak() };
  },
};

/** `GET /v2/users/{userId}/token?type=zak|onbehalf`: a token to start a meeting, or to join one for this user. */
export const getUserToken: ApiRoute = {
  method: 'GET',
  url: '/v2/users/:userId/token',
  scope: 'user:read:token',
  label: 'Light',
  handle(call) {
    if (!['zak', 'onbehalf'].includes(call.query.get('type') ?? '')) throw validationFailed('type');
    resolveUser(call);
    return { token: fakeZak() };
  },
};

/** A text in the form of Zoom's tokens for meetings. It has no meaning. */
export function fakeZak(): string {
  return ['{"typ":"JWT","alg":"HS256"}', '{"iss":"web"}']
    .map((part) => Buffer.from(part).toString('base64url'))
    .concat(randomBytes(32).toString('base64url'))
    .join('.');
}

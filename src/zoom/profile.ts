import { z } from 'zod';
import { identityFromClaims, type IdentityAnswer, type ReadIdentity } from '../grants/zoom-identity.js';
import { defined } from '../lib/defined.js';
import { parseLeniently } from '../lib/lenient-parse.js';
import { optionalCount, optionalText } from './fields.js';
import { type ZoomAccess } from './api/zoom-access.js';
import { type ApiFailure } from './api/api-failure.js';
import { type ZoomApi } from './api/zoom-api.js';

/** The answer of `GET /users/me`. Nothing in it has to be there (docs/zoom-protocol.md §5.2). */
const profileSchema = z.object({
  id: optionalText,
  account_id: optionalText,
  email: optionalText,
  first_name: optionalText,
  last_name: optionalText,
  display_name: optionalText,
  type: optionalCount,
  timezone: optionalText,
  language: optionalText,
  pic_url: optionalText,
  personal_meeting_url: optionalText,
  status: optionalText,
});

export type ZoomProfileBody = z.infer<typeof profileSchema>;

/** Reads the profile of the Zoom user. @throws AppError as {@link ZoomAccess.call} */
export function getProfile(zoom: ZoomAccess): Promise<ZoomProfileBody> {
  return zoom.call({
    method: 'GET',
    path: zoom.userPath,
    scopes: ['user:read:user'],
    schema: profileSchema,
  });
}

/**
 * Asks Zoom which user an access token belongs to. What Zoom's answer leaves out is taken from the token itself. An
 * answer in which nothing tells the user is `unknown`.
 */
export function identityReader(api: ZoomApi): ReadIdentity {
  return async (accessToken, apiUrl): Promise<IdentityAnswer> => {
    const result = await api.send({ method: 'GET', path: '/users/me' }, { accessToken, apiUrl });
    if (!result.ok) return { kind: isTokenDead(result.failure) ? 'refused' : 'unknown' };
    const { id, email, account_id } = parseLeniently(profileSchema, result.body)?.value ?? {};
    const told = defined({ zoomUserId: id, zoomEmail: email, zoomAccountId: account_id });
    if (Object.keys(told).length === 0) return { kind: 'unknown' };
    return { kind: 'known', identity: { ...identityFromClaims(accessToken), ...told } };
  };
}

/** Only what Zoom says of the token itself counts: a 401 without a reason may have another cause. */
function isTokenDead(failure: ApiFailure): boolean {
  return failure.kind === 'token_rejected' && failure.certain;
}

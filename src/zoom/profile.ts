import { z } from 'zod';
import { type IdentityAnswer, type ReadIdentity } from '../grants/zoom-identity.js';
import { optionalNumber, optionalText } from './fields.js';
import { type ZoomAccess } from './api/zoom-access.js';
import { type ApiFailure } from './api/api-failure.js';
import { type ZoomApi } from './api/zoom-api.js';

/** The answer of `GET /users/me`. Only the id is always present. */
const profileSchema = z.object({
  id: z.string().min(1),
  account_id: optionalText,
  email: optionalText,
  first_name: optionalText,
  last_name: optionalText,
  display_name: optionalText,
  type: optionalNumber,
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

/** Asks Zoom which user an access token belongs to. */
export function identityReader(api: ZoomApi): ReadIdentity {
  return async (accessToken, apiUrl): Promise<IdentityAnswer> => {
    const result = await api.send({ method: 'GET', path: '/users/me' }, { accessToken, apiUrl });
    if (!result.ok) return { kind: isTokenDead(result.failure) ? 'refused' : 'unknown' };
    const profile = profileSchema.safeParse(result.body);
    if (!profile.success) return { kind: 'unknown' };
    const { id, email, account_id } = profile.data;
    const identity = {
      zoomUserId: id,
      ...(email && { zoomEmail: email }),
      ...(account_id && { zoomAccountId: account_id }),
    };
    return { kind: 'known', identity };
  };
}

/** Only what Zoom says of the token itself counts: a 401 without a reason may have another cause. */
function isTokenDead(failure: ApiFailure): boolean {
  return failure.kind === 'token_rejected' && failure.certain;
}

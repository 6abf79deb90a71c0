import { z } from 'zod';
import { type IdentityAnswer, type ReadIdentity } from '../tokens/zoom-identity';
import { type ZoomApi } from './zoom-api';
import { type ZoomCaller, type ZoomClient } from './zoom-client';

/** Zoom leaves out what it does not know, or sends an empty string for it (zoom-protocol §5.2). */
const text = z
  .string()
  .nullish()
  .transform((value) => value || undefined);
const number = z
  .number()
  .nullish()
  .transform((value) => value ?? undefined);

/** `GET /users/me`. Only the id is certain. */
const profileSchema = z.object({
  id: z.string().min(1),
  account_id: text,
  email: text,
  first_name: text,
  last_name: text,
  display_name: text,
  type: number,
  timezone: text,
  language: text,
  pic_url: text,
  personal_meeting_url: text,
  status: text,
});

/** A Zoom user, in Zoom's words. */
export type ZoomProfileBody = z.infer<typeof profileSchema>;

/** The profile of the connected Zoom user. @throws AppError as {@link ZoomClient.call} */
export function getProfile(client: ZoomClient, caller: ZoomCaller): Promise<ZoomProfileBody> {
  return client.call(
    { method: 'GET', path: '/users/me', scopes: ['user:read:user'], schema: profileSchema },
    caller,
  );
}

/** Asks Zoom whose access token it is: once per authorization, and again when two authorizations collide. */
export function identityReader(api: ZoomApi): ReadIdentity {
  return async (accessToken, apiUrl): Promise<IdentityAnswer> => {
    const result = await api.send({ method: 'GET', path: '/users/me' }, accessToken, apiUrl);
    if (!result.ok) return { kind: result.failure.kind === 'token_rejected' ? 'refused' : 'unknown' };
    const profile = profileSchema.safeParse(result.body);
    if (!profile.success) return { kind: 'unknown' };
    const { id, email, account_id } = profile.data;
    return { kind: 'known', identity: { zoomUserId: id, zoomEmail: email, zoomAccountId: account_id } };
  };
}

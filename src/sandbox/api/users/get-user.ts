import { type SandboxUser } from '../../store/sandbox-user';
import { type ApiRoute } from '../api-route';
import { resolveUser } from './resolve-user';

/** `GET /v2/users/{userId}` */
export const getUser: ApiRoute = {
  method: 'GET',
  url: '/v2/users/:userId',
  scope: 'user:read:user',
  label: 'Light',
  handle: (call) => profile(resolveUser(call), call.state.clock.now()),
};

function profile(user: SandboxUser, now: Date) {
  // Zoom answers the time of the call for somebody who has not yet accepted the invitation.
  const createdAt = user.status === 'pending' ? now.toISOString() : user.createdAt;
  return {
    ...identity(user),
    pmi: user.pmi,
    use_pmi: false,
    personal_meeting_url: user.pmi === 0 ? '' : `https://us04web.zoom.us/j/${user.pmi}`,
    timezone: user.timezone,
    verified: user.type === 1 ? 0 : 1,
    dept: '',
    created_at: createdAt,
    user_created_at: createdAt,
    last_login_time: createdAt,
    pic_url: '',
    cms_user_id: '',
    jid: `${user.id.toLowerCase()}@xmpp.zoom.us`,
    group_ids: [],
    im_group_ids: [],
    account_id: user.accountId,
    account_number: 10_000_123,
    language: 'en-US',
    phone_country: '',
    phone_number: '',
    status: user.status,
    job_title: '',
    cost_center: '',
    company: '',
    location: '',
    login_types: [100],
    cluster: 'us04',
  };
}

function identity(user: SandboxUser) {
  return {
    id: user.id,
    first_name: user.firstName,
    last_name: user.lastName,
    display_name: user.displayName,
    email: user.email,
    type: user.type,
    role_name: user.roleId === '0' ? 'Owner' : user.roleId === '1' ? 'Admin' : 'Member',
    role_id: user.roleId,
  };
}

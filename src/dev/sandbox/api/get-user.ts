import { type SandboxUser } from '../store/users.js';
import { resolveUser } from './access.js';
import { type ApiRoute } from './api-call.js';

const SAME_FOR_ALL = {
  dept: '',
  pic_url: '',
  cms_user_id: '',
  phone_country: '',
  phone_number: '',
  job_title: '',
  cost_center: '',
  company: '',
  location: '',
  group_ids: [],
  im_group_ids: [],
  account_number: 10_000_123,
  language: 'en-US',
  login_types: [100],
  cluster: 'us04',
};

/** `GET /v2/users/{userId}` */
export const getUser: ApiRoute = {
  method: 'GET',
  url: '/v2/users/:userId',
  scope: 'user:read:user',
  label: 'Light',
  handle: (call) => profile(resolveUser(call), call.state.clock.now()),
};

function profile(user: SandboxUser, now: Date) {
  // For a user who has not yet accepted the invitation, Zoom returns the time of the call.
  const createdAt = user.status === 'pending' ? now.toISOString() : user.createdAt;
  return {
    ...identity(user),
    pmi: user.pmi,
    use_pmi: user.usePmi ?? false,
    personal_meeting_url: user.pmi === 0 ? '' : `https://us04web.zoom.us/j/${user.pmi}`,
    timezone: user.timezone,
    verified: user.type === 1 ? 0 : 1,
    created_at: createdAt,
    user_created_at: createdAt,
    last_login_time: createdAt,
    jid: `${user.id.toLowerCase()}@xmpp.zoom.us`,
    account_id: user.accountId,
    status: user.status,
    ...SAME_FOR_ALL,
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

import { plainMeetings } from '../store/seeds.js';
import { type Grant } from '../store/grant-store.js';
import { type SandboxState } from '../state.js';
import { uninstallApp } from '../webhooks/uninstall.js';
import { type GrantView, type SandboxControl } from './sandbox-control.js';

type PeopleControl = Pick<
  SandboxControl,
  'users' | 'addUser' | 'addMeetings' | 'uninstall' | 'grants' | 'isAccessTokenLive' | 'isRefreshTokenLive'
>;

/** Users, their meetings and what they granted. */
export function createPeopleControl(state: SandboxState): PeopleControl {
  return {
    users: () => state.users.list(),
    addUser: (user = {}) => state.users.add(user, state.clock.now()),
    addMeetings(zoomUserId, count) {
      const host = state.users.find(zoomUserId);
      if (!host) throw new Error(`The sandbox has no user ${zoomUserId}.`);
      const meetings = plainMeetings(host, count, state.clock.now());
      state.meetings.addAll(meetings);
      return meetings.map((meeting) => meeting.id);
    },
    uninstall: (zoomUserId) => uninstallApp(state, state.apps.userManaged, zoomUserId),
    grants: () => state.grants.list().map((grant) => view(state, grant)),
    isAccessTokenLive: (token) => state.grants.inspectAccessToken(token).kind === 'live',
    isRefreshTokenLive: (token) => state.grants.findByLiveRefreshToken(token) !== undefined,
  };
}

function view(state: SandboxState, grant: Grant): GrantView {
  const { id, clientId, zoomUserId, scopes, alive, authorizedAt, refreshCount } = grant;
  return {
    ...{ id, clientId, zoomUserId, alive, refreshCount },
    email: state.users.find(zoomUserId)?.email ?? null,
    scopes: [...scopes],
    authorizedAt: authorizedAt.toISOString(),
    accessTokens: state.grants.countLiveAccessTokens(grant),
  };
}

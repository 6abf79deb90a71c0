import { declineConsent, grantConsent, parseAuthorizationRequest } from '../oauth/authorization-request.js';
import { listNamedAnswers, namedAnswer } from '../http/named-answers.js';
import { createState, type InitialState, type SandboxState } from '../state.js';
import { type Grant } from '../store/grant-store.js';
import { plainMeetings } from '../store/seeds.js';
import { type WebhookMessage } from '../webhooks/endpoint.js';
import { appDeauthorized, uninstallApp } from '../webhooks/uninstall.js';
import { type GrantView, type SandboxControl, type WebhookOrder } from './sandbox-control.js';

/** The control interface of a state. `reset` restores `initial`. */
export function createControl(state: SandboxState, initial: InitialState): SandboxControl {
  return {
    ...createTrafficControl(state),
    ...createPeopleControl(state),
    ...createMeetingControl(state),
    ...createConsentControl(state),
    ...createWebhookControl(state),
    async advanceClock(ms) {
      state.clock.advance(ms);
      await state.webhooks.sendDue();
    },
    setRotation(rotation, graceMs = state.settings.graceMs) {
      Object.assign(state.settings, { rotation, graceMs });
    },
    configure: (settings) => ({ ...Object.assign(state.settings, settings) }),
    updateApp(changes, clientId) {
      if (changes.webhookUrl !== undefined) state.subscription.reset();
      return { ...state.apps.update(changes, clientId) };
    },
    reset() {
      state.webhooks.close();
      // The routes hold this object, so its parts are replaced and not the object.
      Object.assign(state, createState(initial), { baseUrl: state.baseUrl });
    },
  };
}

type TrafficControl = Pick<
  SandboxControl,
  | 'injectFault'
  | 'answer'
  | 'namedAnswers'
  | 'clearFaults'
  | 'counters'
  | 'requests'
  | 'resetCounters'
  | 'now'
>;

function createTrafficControl(state: SandboxState): TrafficControl {
  return {
    now: () => state.clock.now().toISOString(),
    injectFault: (fault) => state.faults.inject(fault),
    answer: (name, options = {}) =>
      state.faults.inject({ target: namedAnswer(name).target, ...options, kind: 'named', name }),
    namedAnswers: () => listNamedAnswers(),
    clearFaults: () => state.faults.clear(),
    counters: () => state.counters.snapshot(),
    requests: () => state.requestLog.list(),
    resetCounters() {
      state.counters.reset();
      state.requestLog.clear();
    },
  };
}

type PeopleControl = Pick<
  SandboxControl,
  'users' | 'addUser' | 'uninstall' | 'grants' | 'isAccessTokenLive' | 'isRefreshTokenLive'
>;

function createPeopleControl(state: SandboxState): PeopleControl {
  return {
    users: () => state.users.list(),
    addUser: (user = {}) => state.users.add(user, state.clock.now()),
    uninstall: (zoomUserId) => uninstallApp(state, state.apps.userManaged, zoomUserId),
    grants: () => state.grants.list().map((grant) => grantView(state, grant)),
    isAccessTokenLive: (token) => state.grants.inspectAccessToken(token).kind === 'live',
    isRefreshTokenLive: (token) => state.grants.findByLiveRefreshToken(token) !== undefined,
  };
}

type MeetingControl = Pick<SandboxControl, 'addMeetings' | 'startMeeting' | 'endMeeting'>;

function createMeetingControl(state: SandboxState): MeetingControl {
  const find = (id: number) => {
    const meeting = state.meetings.find(String(id));
    if (!meeting) throw new Error(`The sandbox has no meeting ${id}.`);
    return meeting;
  };
  return {
    addMeetings(zoomUserId, count) {
      const host = state.users.find(zoomUserId);
      if (!host) throw new Error(`The sandbox has no user ${zoomUserId}.`);
      const meetings = plainMeetings(host, count, state.clock.now());
      state.meetings.addAll(meetings);
      return meetings.map((meeting) => meeting.id);
    },
    startMeeting: (id) => void Object.assign(find(id), { status: 'started', hasEnded: false }),
    endMeeting: (id) => void Object.assign(find(id), { status: 'waiting', hasEnded: true }),
  };
}

function grantView(state: SandboxState, grant: Grant): GrantView {
  const { id, clientId, zoomUserId, scopes, alive, authorizedAt, refreshCount } = grant;
  return {
    id,
    clientId,
    zoomUserId,
    alive,
    refreshCount,
    email: state.users.find(zoomUserId)?.email ?? null,
    scopes: [...scopes],
    authorizedAt: authorizedAt.toISOString(),
    accessTokens: state.grants.countLiveAccessTokens(grant),
  };
}

type ConsentControl = Pick<SandboxControl, 'approve' | 'decline'>;

function createConsentControl(state: SandboxState): ConsentControl {
  return {
    approve(authorizationUrl, zoomUserId) {
      const users = state.users.list();
      const user = zoomUserId === undefined ? users[0] : state.users.find(zoomUserId);
      if (user?.status !== 'active') throw new Error(`The sandbox has no active user ${zoomUserId ?? ''}.`);
      const request = readRequest(state, authorizationUrl);
      state.counters.increment('consents');
      return grantConsent(state, request, user, request.optionalScopes);
    },
    decline(authorizationUrl) {
      const request = readRequest(state, authorizationUrl);
      state.counters.increment('declines');
      return declineConsent(request);
    },
  };
}

function readRequest(state: SandboxState, authorizationUrl: string) {
  const parsed = parseAuthorizationRequest(state, new URL(authorizationUrl).searchParams);
  if (parsed.kind !== 'valid') {
    throw new Error(
      parsed.kind === 'refused' ? parsed.message : `The request was returned to ${parsed.location}.`,
    );
  }
  state.counters.increment('authorizations');
  return parsed.request;
}

type WebhookControl = Pick<SandboxControl, 'sendWebhook' | 'webhooks' | 'validateEndpoint'>;

/** Events on demand are sent to unpublished apps too. */
function createWebhookControl(state: SandboxState): WebhookControl {
  return {
    async sendWebhook({ times = 1, ...order } = {}) {
      const app = state.apps.userManaged;
      if (!app.webhookUrl) throw new Error('The app has no webhookUrl.');
      const message = composeMessage(state, order);
      // At Zoom the deauthorization URL is a separate endpoint. Failed validations do not disable it.
      if (message.event !== 'app_deauthorized' && state.subscription.isDisabled) return [];
      return Promise.all(Array.from({ length: times }, () => state.webhooks.send(app, message)));
    },
    webhooks: () => state.webhooks.list(),
    validateEndpoint: () =>
      state.subscription.validate(state.apps.userManaged, state.clock.nowMs(), state.webhooks.closed),
  };
}

function composeMessage(state: SandboxState, order: Omit<WebhookOrder, 'times'>): WebhookMessage {
  const user = state.users.find(order.zoomUserId ?? '') ?? state.users.list()[0];
  if (!user) throw new Error('The sandbox has no user.');
  const { event = 'app_deauthorized', payload, ...rest } = order;
  const defaults = appDeauthorized(state.apps.userManaged, user, state.clock.now()).payload;
  const isDeauthorization = event === 'app_deauthorized';
  return {
    ...rest,
    event,
    payload: isDeauthorization
      ? { ...defaults, ...payload }
      : (payload ?? { account_id: user.accountId, object: {} }),
  };
}

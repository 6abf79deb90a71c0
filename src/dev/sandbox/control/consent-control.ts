import { declineConsent, grantConsent } from '../oauth/grant-consent.js';
import { parseAuthorizationRequest } from '../oauth/parse-authorization-request.js';
import { type SandboxState } from '../state.js';
import { type SandboxControl } from './sandbox-control.js';

type ConsentControl = Pick<SandboxControl, 'approve' | 'decline'>;

/** Decisions without a browser. */
export function createConsentControl(state: SandboxState): ConsentControl {
  return {
    approve(authorizationUrl, zoomUserId) {
      const users = state.users.list();
      const user = zoomUserId === undefined ? users[0] : state.users.find(zoomUserId);
      if (user?.status !== 'active') throw new Error(`The sandbox has no active user ${zoomUserId ?? ''}.`);
      const request = read(state, authorizationUrl);
      state.counters.increment('consents');
      return grantConsent(state, request, user, request.optionalScopes);
    },
    decline(authorizationUrl) {
      const request = read(state, authorizationUrl);
      state.counters.increment('declines');
      return declineConsent(request);
    },
  };
}

function read(state: SandboxState, authorizationUrl: string) {
  const parsed = parseAuthorizationRequest(state, new URL(authorizationUrl).searchParams);
  if (parsed.kind !== 'valid') {
    throw new Error(
      parsed.kind === 'refused' ? parsed.message : `The request was returned to ${parsed.location}.`,
    );
  }
  state.counters.increment('authorizations');
  return parsed.request;
}

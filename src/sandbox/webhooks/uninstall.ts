import { type Grant } from '../store/grant-store';
import { type SandboxApp } from '../store/sandbox-app';
import { type SandboxState } from '../store/sandbox-state';

/** Ends a grant. */
export function endGrant(state: SandboxState, _app: SandboxApp, grant: Grant): void {
  state.grants.kill(grant);
}

/** What the user's Remove button does; false when the app was not installed. */
export function uninstallApp(state: SandboxState, app: SandboxApp, zoomUserId: string): boolean {
  const grant = state.grants.findAlive(app.clientId, zoomUserId);
  if (grant) endGrant(state, app, grant);
  return grant !== undefined;
}

import { type Grant } from '../store/grant-store.js';
import { type SandboxApp } from '../store/apps.js';
import { type SandboxState } from '../state.js';
import { appDeauthorized } from './app-deauthorized.js';

/** Ends a grant at once and tells a published app; settles with the first attempt to tell it. */
export async function endGrant(state: SandboxState, app: SandboxApp, grant: Grant): Promise<void> {
  state.grants.kill(grant);
  if (!app.published || !app.webhookUrl || grant.zoomUserId === '') return;
  const user = { id: grant.zoomUserId, accountId: grant.accountId };
  await state.webhooks.send(app, appDeauthorized(app, user, state.clock.now()));
}

/** What the user's Remove button does; false when the app was not installed. */
export async function uninstallApp(
  state: SandboxState,
  app: SandboxApp,
  zoomUserId: string,
): Promise<boolean> {
  const grant = state.grants.findAlive(app.clientId, zoomUserId);
  if (grant) await endGrant(state, app, grant);
  return grant !== undefined;
}

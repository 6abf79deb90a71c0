import { randomBytes } from 'node:crypto';
import { type SandboxApp } from '../store/apps.js';
import { type Grant, type GrantStore } from '../store/grant-store.js';
import { type MovableClock } from '../store/time.js';
import { type WebhookMessage } from './endpoint.js';
import { type WebhookOutbox } from './webhook-outbox.js';

interface Installations {
  readonly grants: GrantStore;
  readonly webhooks: WebhookOutbox;
  readonly clock: MovableClock;
}

/** Ends a grant and sends `app_deauthorized` to a published app. Resolves after the first attempt to send it. */
export async function endGrant(installations: Installations, app: SandboxApp, grant: Grant): Promise<void> {
  installations.grants.kill(grant);
  if (!app.published || !app.webhookUrl || grant.zoomUserId === '') return;
  const user = { id: grant.zoomUserId, accountId: grant.accountId };
  await installations.webhooks.send(app, appDeauthorized(app, user, installations.clock.now()));
}

/** What the Remove button does. Resolves with false if the user had not installed the app. */
export async function uninstallApp(
  installations: Installations,
  app: SandboxApp,
  zoomUserId: string,
): Promise<boolean> {
  const grant = installations.grants.findAlive(app.clientId, zoomUserId);
  if (grant) await endGrant(installations, app, grant);
  return grant !== undefined;
}

export function appDeauthorized(
  app: SandboxApp,
  user: { id: string; accountId: string },
  now: Date,
): WebhookMessage {
  return {
    event: 'app_deauthorized',
    payload: {
      account_id: user.accountId,
      user_id: user.id,
      client_id: app.clientId,
      deauthorization_time: now.toISOString(),
      signature: randomBytes(32).toString('hex'),
    },
  };
}

import { randomBytes } from 'node:crypto';
import { type SandboxApp } from '../store/apps.js';
import { type WebhookMessage } from './webhook-message.js';

/** The event that tells an app of its removal by a user. */
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

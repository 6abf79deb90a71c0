import { randomBytes } from 'node:crypto';
import { type SandboxState } from '../state.js';
import { postWebhook } from './post-webhook.js';
import { webhookBody } from './webhook-message.js';
import { hmacHex } from './webhook-signature.js';

const FAILURES_THAT_DISABLE = 6;

/** The outcome of an endpoint validation. */
export interface EndpointValidation {
  valid: boolean;
  status: number | null;
  consecutiveFailures: number;
  /** After six failures in a row Zoom sends no more events. */
  disabled: boolean;
}

/** Challenges the endpoint of the user-managed app to prove that it knows the secret token. */
export async function validateEndpoint(state: SandboxState): Promise<EndpointValidation> {
  const app = state.apps.userManaged;
  if (!app.webhookUrl) throw new Error('The app has no webhookUrl.');
  const plainToken = randomBytes(16).toString('base64url');
  const nowMs = state.clock.nowMs();
  const rawBody = webhookBody({ event: 'endpoint.url_validation', payload: { plainToken } }, nowMs);
  const answer = await postWebhook(app, rawBody, nowMs, state.webhooks.closed);
  const expected = { plainToken, encryptedToken: hmacHex(app.webhookSecretToken ?? '', plainToken) };
  const valid = answer.status === 200 && matches(answer.body, expected);
  const consecutiveFailures = valid ? 0 : state.subscription.failedValidations + 1;
  state.subscription.failedValidations = consecutiveFailures;
  return { valid, status: answer.status, consecutiveFailures, disabled: isSubscriptionDisabled(state) };
}

/** Whether failed validations have switched the event subscription off. */
export function isSubscriptionDisabled(state: SandboxState): boolean {
  return state.subscription.failedValidations >= FAILURES_THAT_DISABLE;
}

function matches(body: string, expected: { plainToken: string; encryptedToken: string }): boolean {
  try {
    const given = JSON.parse(body) as Partial<typeof expected> | null;
    return given?.plainToken === expected.plainToken && given.encryptedToken === expected.encryptedToken;
  } catch {
    return false;
  }
}

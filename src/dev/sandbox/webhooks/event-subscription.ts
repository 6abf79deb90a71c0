import { randomBytes } from 'node:crypto';
import { type SandboxApp } from '../store/apps.js';
import { hmacHex, postWebhook, webhookBody } from './post-webhook.js';

const FAILURES_THAT_DISABLE = 6;

/** The outcome of an endpoint validation. */
export interface EndpointValidation {
  valid: boolean;
  status: number | null;
  consecutiveFailures: number;
  /** After six failures in a row Zoom sends no more events. */
  disabled: boolean;
}

/** The event subscription of an app, which its endpoint keeps alive by passing validations. */
export class EventSubscription {
  private failedValidations = 0;

  get isDisabled(): boolean {
    return this.failedValidations >= FAILURES_THAT_DISABLE;
  }

  /** Challenges the endpoint to prove that it knows the secret token. */
  async validate(app: SandboxApp, nowMs: number, closing: AbortSignal): Promise<EndpointValidation> {
    if (!app.webhookUrl) throw new Error('The app has no webhookUrl.');
    const plainToken = randomBytes(16).toString('base64url');
    const rawBody = webhookBody({ event: 'endpoint.url_validation', payload: { plainToken } }, nowMs);
    const answer = await postWebhook(app, rawBody, nowMs, closing);
    const expected = { plainToken, encryptedToken: hmacHex(app.webhookSecretToken ?? '', plainToken) };
    const valid = answer.status === 200 && matches(answer.body, expected);
    this.failedValidations = valid ? 0 : this.failedValidations + 1;
    return {
      valid,
      status: answer.status,
      consecutiveFailures: this.failedValidations,
      disabled: this.isDisabled,
    };
  }

  /** Forgets the failures: the endpoint is another now. */
  reset(): void {
    this.failedValidations = 0;
  }
}

function matches(body: string, expected: { plainToken: string; encryptedToken: string }): boolean {
  try {
    const given = JSON.parse(body) as Partial<typeof expected> | null;
    return given?.plainToken === expected.plainToken && given.encryptedToken === expected.encryptedToken;
  } catch {
    return false;
  }
}

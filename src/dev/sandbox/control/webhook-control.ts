import { type SandboxState } from '../state.js';
import { appDeauthorized } from '../webhooks/app-deauthorized.js';
import { type WebhookMessage } from '../webhooks/webhook-message.js';
import { type SandboxControl, type WebhookOrder } from './sandbox-control.js';

type WebhookControl = Pick<SandboxControl, 'sendWebhook' | 'webhooks' | 'validateEndpoint'>;

/** Events on demand, whether or not the app is published. */
export function createWebhookControl(state: SandboxState): WebhookControl {
  return {
    async sendWebhook({ times = 1, ...order } = {}) {
      const app = state.apps.userManaged;
      if (!app.webhookUrl) throw new Error('The app has no webhookUrl.');
      const message = compose(state, order);
      // In Zoom the deauthorization URL is an endpoint of its own, which no failed validation switches off.
      if (message.event !== 'app_deauthorized' && state.subscription.isDisabled) return [];
      return Promise.all(Array.from({ length: times }, () => state.webhooks.send(app, message)));
    },
    webhooks: () => state.webhooks.list(),
    validateEndpoint: () =>
      state.subscription.validate(state.apps.userManaged, state.clock.nowMs(), state.webhooks.closed),
  };
}

function compose(state: SandboxState, order: Omit<WebhookOrder, 'times'>): WebhookMessage {
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

import { createState, type InitialState, type SandboxState } from '../state.js';
import { createConsentControl } from './consent-control.js';
import { createPeopleControl } from './people-control.js';
import { type SandboxControl } from './sandbox-control.js';
import { createTrafficControl } from './traffic-control.js';
import { createWebhookControl } from './webhook-control.js';

/** The control interface over a state; `initial` is what `reset` goes back to. */
export function createControl(state: SandboxState, initial: InitialState): SandboxControl {
  return {
    ...createTrafficControl(state),
    ...createPeopleControl(state),
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
      // The routes hold this very object, so its parts are replaced and not the whole.
      Object.assign(state, createState(initial), { baseUrl: state.baseUrl });
    },
  };
}

import { createState, type InitialState, type SandboxState } from '../store/sandbox-state';
import { createConsentControl } from './consent-control';
import { createPeopleControl } from './people-control';
import { type SandboxControl } from './sandbox-control';
import { createTrafficControl } from './traffic-control';
import { createWebhookControl } from './webhook-control';

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
      if (changes.webhookUrl !== undefined) state.subscription.failedValidations = 0;
      return { ...state.apps.update(changes, clientId) };
    },
    reset() {
      state.webhooks.close();
      // The routes hold this very object, so its parts are replaced and not the whole.
      Object.assign(state, createState(initial), { baseUrl: state.baseUrl });
    },
  };
}

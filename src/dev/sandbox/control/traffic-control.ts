import { type SandboxState } from '../state.js';
import { type SandboxControl } from './sandbox-control.js';

type TrafficControl = Pick<
  SandboxControl,
  'injectFault' | 'clearFaults' | 'counters' | 'requests' | 'resetCounters' | 'now'
>;

/** Faults, counters and the request log. */
export function createTrafficControl(state: SandboxState): TrafficControl {
  return {
    now: () => state.clock.now().toISOString(),
    injectFault: (fault) => state.faults.inject(fault),
    clearFaults: () => state.faults.clear(),
    counters: () => state.counters.snapshot(),
    requests: () => state.requestLog.list(),
    resetCounters() {
      state.counters.reset();
      state.requestLog.clear();
    },
  };
}

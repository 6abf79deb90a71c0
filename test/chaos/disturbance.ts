import { setTimeout as sleep } from 'node:timers/promises';
import { type Cluster } from '../support/cluster.js';
import {
  type Interference,
  isAuditEvent,
  isHolderWrite,
  isLease,
  isRotation,
  type Rule,
} from '../support/database-proxy.js';
import { type KillPoint, type RoundPlan } from './plan.js';

/** At which command a process is caught, and what becomes of the command. */
const CAUGHT_AT: Record<
  Exclude<KillPoint, 'any_time'>,
  { matches: (command: Record<string, unknown>) => boolean; then: Interference | undefined }
> = {
  lease_taken: { matches: isLease, then: 'hold_answer' },
  request_sent: { matches: isLease, then: undefined },
  before_write: { matches: isRotation, then: 'swallow' },
  after_write: { matches: isRotation, then: 'hold_answer' },
  before_event: { matches: isAuditEvent, then: 'swallow' },
};

/** Brings the trouble of one round over a cluster, and takes it away again. */
export class Disturbance {
  readonly #rules: Rule[][];

  constructor(
    private readonly cluster: Cluster,
    private readonly plan: RoundPlan,
    private readonly onKill: (at: KillPoint) => void,
  ) {
    this.#rules = cluster.proxies.map((proxy) => {
      const rules: Rule[] = [];
      proxy.interfere((command) => rules.map((rule) => rule(command)).find((action) => action));
      return rules;
    });
    for (const fault of plan.zoom) cluster.sandbox.control.injectFault({ target: 'refresh', ...fault });
  }

  /** Resolves when all of it has happened; `over` when nobody waits for an answer any more. */
  async happen(over: Promise<unknown>): Promise<void> {
    await Promise.all([
      ...this.plan.kills.map((kill) => this.#kill(kill, over)),
      this.#pause(),
      this.#disturbDatabase(),
    ]);
  }

  /** Ends it, but for the processes that are dead. */
  calm(): void {
    this.cluster.sandbox.control.clearFaults();
    for (const proxy of this.cluster.proxies) proxy.interfere(undefined);
  }

  async #kill({ process, at, afterMs }: RoundPlan['kills'][number], over: Promise<unknown>): Promise<void> {
    const caught =
      at !== 'any_time' && (await Promise.race([this.#catch(process, at), over.then(() => false)]));
    if (!caught || at === 'request_sent') await sleep(at === 'any_time' || caught ? afterMs : 0);
    await this.cluster.processes[process]?.kill();
    this.onKill(caught ? at : 'any_time');
  }

  #catch(process: number, at: Exclude<KillPoint, 'any_time'>): Promise<boolean> {
    const { matches, then } = CAUGHT_AT[at];
    return new Promise((resolve) => {
      let isCaught = false;
      this.#rules[process]?.push((command) => {
        if (isCaught || !matches(command)) return undefined;
        isCaught = true;
        resolve(true);
        return then;
      });
    });
  }

  async #pause(): Promise<void> {
    const { pause } = this.plan;
    if (!pause) return;
    await sleep(pause.afterMs);
    this.cluster.processes[pause.process]?.pause();
    await sleep(pause.ms);
    this.cluster.processes[pause.process]?.resume();
  }

  async #disturbDatabase(): Promise<void> {
    const { database } = this.plan;
    if (!database) return;
    let isOn = true;
    const proxy = this.cluster.proxies[database.process];
    if (database.kind === 'unreachable') proxy?.setReachable(false);
    if (database.kind === 'refuse_holder')
      this.#rules[database.process]?.push((command) =>
        isOn && isHolderWrite(command) ? 'refuse' : undefined,
      );
    if (database.kind === 'cut_lease')
      this.#rules[database.process]?.push((command) => (isOn && isLease(command) ? 'cut' : undefined));
    await sleep(database.ms);
    isOn = false;
    proxy?.setReachable(true);
  }
}

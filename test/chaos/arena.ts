import { setTimeout as sleep } from 'node:timers/promises';
import { isEverythingDelivered } from '../support/books.js';
import { Cluster } from '../support/cluster.js';
import { type EventsReceiver, startEventsReceiver } from '../support/events-receiver.js';
import { someUser } from '../support/harness.js';
import { isAtRest } from '../support/process-metrics.js';
import { Disturbance } from './disturbance.js';
import { adoptions, unrecordedPairs } from './ledger.js';
import { planRound, type RoundPlan, type UserPlan } from './plan.js';
import { type Measured, type Tally } from './tally.js';
import { type DoneAction, ENDED, judgeCall, judgeEnd, judgeTold, WAIT } from './verdict.js';
import { until } from '../support/waiting.js';

/** The size of an arena. */
export const SHAPE = { processes: 4, slots: 12 };
/** The sandbox accepts a redeemed refresh token no longer than this. */
const GRACE_MS = 61_000;
const CALM_WITHIN_MS = 30_000;
/** A dead process leaves a claim for half a minute and an event for ten seconds; rounds come twice a minute. */
const TOLD_WITHIN_MS = 180_000;

/** A user of the arena and the Zoom user they have connected. */
interface Player {
  userId: string;
  zoomUserId: string;
  /** Who took the Zoom user away. */
  successor?: string;
}

/** What a player's round has shown. */
interface Experience {
  told: string[];
  action: DoneAction | undefined;
  unrecordedBefore: number;
}

/** A cluster with users, in which one round after the other goes wrong. */
export class Arena {
  readonly #players: Player[] = [];
  readonly #everybody: string[] = [];
  #adopted = 0;
  #adoptedBefore = new Map<string, number>();

  private constructor(
    private readonly cluster: Cluster,
    private readonly receiver: EventsReceiver,
    private readonly tally: Tally,
  ) {}

  static async open(rotation: 'strict' | 'grace', tally: Tally): Promise<Arena> {
    const receiver = await startEventsReceiver();
    const env = {
      ...{ REFRESH_LEASE_TTL_MS: '1000', LOG_LEVEL: 'silent' },
      ...{ EVENTS_WEBHOOK_URL: receiver.url, EVENTS_WEBHOOK_SECRETS: receiver.secret },
    };
    const cluster = await Cluster.start(SHAPE.processes, { sandbox: { rotation }, env });
    const arena = new Arena(cluster, receiver, tally);
    for (let slot = 0; slot < SHAPE.slots; slot++) await arena.#join(slot);
    arena.cluster.sandbox.control.resetCounters();
    return arena;
  }

  /** Plays a round and compares the books of those it was about. */
  async play(seed: number, round: number): Promise<void> {
    const plan = planRound(seed, round, SHAPE);
    const accuse = (what: string) => this.tally.violations.push({ round, what });
    // The platform misses a message in each round.
    this.receiver.answers.push(500);
    const experiences = await Promise.all(plan.users.map((user) => this.#prepare(user)));
    const disturbance = new Disturbance(this.cluster, plan, (at) => this.tally.kills[at]++);
    const over = Promise.all(plan.users.map((user, i) => this.#live(plan, user, experiences[i]!, accuse)));
    await Promise.all([over, disturbance.happen(over)]);
    await this.#countAdoptions();
    disturbance.calm();
    await Promise.all(plan.kills.map(({ process }) => this.cluster.restart(process)));
    const ends = await Promise.all(
      plan.users.map((user, i) => this.#inspect(plan, user, experiences[i]!, accuse)),
    );
    // A refresh that was overtaken is made up for within the grace.
    await until(() => isAtRest(this.cluster.processes), CALM_WITHIN_MS);
    // Only what is alive when all grace is over is safe.
    await this.cluster.sandbox.control.advanceClock(GRACE_MS);
    const users = plan.users.flatMap(({ slot }) => this.#idsOf(slot));
    for (const what of await this.cluster.contradictions({ users })) accuse(what);
    for (const [i, { slot }] of plan.users.entries()) if (ends[i] !== undefined) await this.#join(slot);
    this.tally.rounds++;
  }

  /** Compares what the platform was told last of each user with what is true, once nothing is left to tell. */
  async compareWithTold(): Promise<void> {
    await until(() => isEverythingDelivered(this.cluster.database.models), TOLD_WITHIN_MS);
    for (const userId of this.#everybody) {
      const { status } = await this.cluster.connection(0, userId);
      const told = this.receiver.accepted(userId).at(-1)?.split(' ')[1] ?? 'NOT_CONNECTED';
      if (told === status) this.tally.toldTruly++;
      else this.tally.violations.push({ what: `${userId} is ${status}, and the platform was told ${told}` });
    }
  }

  /** What the sandbox and the processes have counted. */
  measure(): Measured {
    const { tokenRequests, refreshes, ...rest } = this.cluster.sandbox.control.counters();
    return {
      tokenRequests: tokenRequests.refreshToken,
      granted: refreshes.granted,
      refused: refreshes.rejected,
      retried: rest.repeatedPresentations,
      adopted: this.#adopted,
      maxRedemptions: rest.maxRedemptionsOfOneRefreshToken,
    };
  }

  async close(): Promise<void> {
    await this.cluster.close();
    await this.receiver.close();
  }

  #player(slot: number): Player {
    return this.#players[slot]!;
  }

  #idsOf(slot: number): string[] {
    const { userId, successor } = this.#player(slot);
    return successor ? [userId, successor] : [userId];
  }

  #newcomer(): string {
    const userId = someUser();
    this.#everybody.push(userId);
    return userId;
  }

  async #join(slot: number): Promise<void> {
    const userId = this.#newcomer();
    this.#players[slot] = { userId, zoomUserId: await this.cluster.connect(userId) };
  }

  async #prepare({ slot }: UserPlan): Promise<Experience> {
    await this.cluster.expire(this.#player(slot).userId);
    return { told: [], action: undefined, unrecordedBefore: await this.#unrecorded(slot) };
  }

  #unrecorded(slot: number): Promise<number> {
    return unrecordedPairs(this.cluster, this.#player(slot).zoomUserId, this.#idsOf(slot));
  }

  /** All that happens to a user in a round: the calls for them, and what they do themselves. */
  async #live(plan: RoundPlan, user: UserPlan, experience: Experience, accuse: (what: string) => void) {
    const { userId } = this.#player(user.slot);
    const calls = user.callsAt.map(async (process) => {
      const answer = await this.cluster.profile(process, userId).catch(() => undefined);
      const outcome = judgeCall(plan, process, answer);
      this.tally.calls[outcome]++;
      if (outcome === 'ended') experience.told.push(String(answer?.errors?.[0]?.extensions['reason']));
      if (outcome === 'violation')
        accuse(`${userId} at ${process}: ${answer?.errors?.[0]?.extensions.code ?? 'no answer'}`);
    });
    const { action } = user;
    if (action) {
      await sleep(action.afterMs);
      experience.action = {
        kind: action.kind,
        certain: await this.#act(user.slot, action).catch(() => false),
      };
      this.tally.actions[experience.action.certain ? 'done' : 'cutOff']++;
    }
    await Promise.all(calls);
  }

  /** Does what the user does; answers whether they were told that it is done. */
  async #act(slot: number, { kind, process }: NonNullable<UserPlan['action']>): Promise<boolean> {
    const player = this.#player(slot);
    const { userId, zoomUserId } = player;
    if (kind === 'uninstall') return this.cluster.sandbox.control.uninstall(zoomUserId);
    if (kind === 'revoke') {
      const answer = await this.cluster.ask(process, userId, 'mutation { revokeZoom { revokedAtZoom } }');
      return answer.errors === undefined;
    }
    const who = kind === 'reconnect' ? userId : (player.successor = this.#newcomer());
    const callback = await this.cluster.consent(who, zoomUserId, process);
    return (await callback(process))?.includes('zoom=connected') ?? false;
  }

  /** Asks once more when all is calm; answers why the connection has ended, undefined when it serves. */
  async #inspect(
    plan: RoundPlan,
    { slot }: UserPlan,
    { told, action, unrecordedBefore }: Experience,
    accuse: (what: string) => void,
  ): Promise<string | undefined> {
    const { userId } = this.#player(slot);
    const answer = await this.#askPatiently(plan.round % SHAPE.processes, userId);
    const extensions = answer.errors?.[0]?.extensions;
    const code = extensions?.code;
    const end = code === undefined ? undefined : ENDED.includes(code) ? String(extensions?.['reason']) : code;
    const isUnrecorded = (await this.#unrecorded(slot)) > unrecordedBefore;
    if (end === 'ROTATION_LOST') this.tally.lostAndLabelled++;
    if (!judgeEnd(end, action, isUnrecorded))
      accuse(`${userId} ends as ${end ?? 'connected'} after ${JSON.stringify({ action, isUnrecorded })}`);
    if (!judgeTold(plan, told, end, action)) accuse(`${userId} was told ${told.join()} and is connected`);
    return end;
  }

  async #askPatiently(process: number, userId: string) {
    for (const deadline = Date.now() + CALM_WITHIN_MS; ; await sleep(250)) {
      const answer = await this.cluster.profile(process, userId);
      const code = answer.errors?.[0]?.extensions.code ?? '';
      if (![...WAIT, 'INTERNAL_SERVER_ERROR'].includes(code) || Date.now() > deadline) return answer;
    }
  }

  async #countAdoptions(): Promise<void> {
    const now = await adoptions(this.cluster);
    for (const [url, count] of now) this.#adopted += count - (this.#adoptedBefore.get(url) ?? 0);
    this.#adoptedBefore = now;
  }
}

import { KILL_POINTS, type KillPoint } from './plan.js';
import { type CallOutcome } from './verdict.js';

/** What a run has done and seen. */
export class Tally {
  rounds = 0;
  readonly kills = Object.fromEntries(KILL_POINTS.map((point) => [point, 0])) as Record<KillPoint, number>;
  readonly calls: Record<CallOutcome, number> = {
    served: 0,
    cutOff: 0,
    toldToWait: 0,
    ended: 0,
    violation: 0,
  };
  /** What users did, and how much of it was cut off. */
  readonly actions = { done: 0, cutOff: 0 };
  lostAndLabelled = 0;
  /** Users of whom the platform was told last what is true. */
  toldTruly = 0;
  /** Every contradiction, with the number of its round unless it was found at the end. */
  readonly violations: { round?: number; what: string }[] = [];

  get killed(): number {
    return Object.values(this.kills).reduce((sum, count) => sum + count, 0);
  }
}

/** What the sandbox and the processes have counted. */
export interface Measured {
  tokenRequests: number;
  granted: number;
  refused: number;
  retried: number;
  adopted: number;
  maxRedemptions: number;
}

/** The table that a run ends with. */
export function tableOf(
  head: { rotation: string; seed: number },
  tally: Tally,
  measured: Measured[],
): string {
  const sum = (name: keyof Measured) => measured.reduce((total, each) => total + each[name], 0);
  const { calls, actions } = tally;
  const rows: [string, string | number][] = [
    ['rotation', head.rotation],
    ['seed', head.seed],
    ['rounds', tally.rounds],
    ['kills', tally.killed],
    ...Object.entries(tally.kills).map(([point, count]): [string, number] => [`  ${point}`, count]),
    ['calls served', calls.served],
    ['  cut off with their process', calls.cutOff],
    ['  told to wait during an outage', calls.toldToWait],
    ['  told that the connection has ended', calls.ended],
    ['actions of users, done / cut off', `${actions.done} / ${actions.cutOff}`],
    ['refresh requests', sum('tokenRequests')],
    ['  granted', sum('granted')],
    ['  refused', sum('refused')],
    ['  retried with the same token', sum('retried')],
    ['  adopted from another process, at least', sum('adopted')],
    [
      'most redemptions of one refresh token',
      Math.max(...measured.map(({ maxRedemptions }) => maxRedemptions)),
    ],
    ['users of whom the platform was told the truth', tally.toldTruly],
    ['lost and labelled', tally.lostAndLabelled],
    ['lost silently, or contradicted', tally.violations.length],
  ];
  return rows.map(([name, value]) => `  ${name.padEnd(46)} ${value}\n`).join('');
}

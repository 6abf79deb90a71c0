import { seededRandom, type SeededRandom } from '../support/seeded-random.js';

/** Where in a refresh a process is killed. */
export const KILL_POINTS = [
  /** At any time. */
  'any_time',
  /** The lease is taken, nothing has been sent. */
  'lease_taken',
  /** The request has left; Zoom may or may not have rotated. */
  'request_sent',
  /** Zoom has rotated, and the write has not reached the database. */
  'before_write',
  /** The write is done, and its acknowledgement has not arrived. */
  'after_write',
  /** The change is stored, and its audit event is not. */
  'before_event',
] as const;

/** A value of {@link KILL_POINTS}. */
export type KillPoint = (typeof KILL_POINTS)[number];

/** What a user does while their token is refreshed. */
export type UserAction = 'revoke' | 'reconnect' | 'lose_to_another' | 'uninstall';

/** One user of a round: which processes are called for them, and what they do, when and where. */
export interface UserPlan {
  slot: number;
  callsAt: number[];
  action?: { kind: UserAction; afterMs: number; process: number };
}

/** What goes wrong at Zoom: it strikes the next token requests, whoever sends them. */
export type ZoomFault =
  | { kind: 'delay'; ms: number; hold: 'work' | 'answer' }
  | { kind: 'drop_answer' }
  | { kind: 'status'; status: number }
  | { kind: 'html' }
  | { kind: 'reset' }
  | { kind: 'rate_limited'; retryAfter: string };

/** What goes wrong between one process and the database. */
export interface DatabaseFault {
  process: number;
  kind: 'refuse_holder' | 'cut_lease' | 'unreachable';
  ms: number;
}

/** Everything that a round does. The same seed and number give the same round. */
export interface RoundPlan {
  round: number;
  users: UserPlan[];
  zoom: ZoomFault[];
  database: DatabaseFault | undefined;
  kills: { process: number; at: KillPoint; afterMs: number }[];
  /** A process that stands still, longer than its lease lasts. */
  pause: { process: number; afterMs: number; ms: number } | undefined;
}

/** The size of what is to be disturbed. */
export interface Shape {
  processes: number;
  /** How many users there are to choose from. */
  slots: number;
}

const USERS_PER_ROUND = 6;
const CALLS_PER_USER = 4;
const LONGEST_DELAY_MS = 300;
const KILLS_PER_ROUND = 3;

/** Draws a round. */
export function planRound(seed: number, round: number, { processes, slots }: Shape): RoundPlan {
  const random = seededRandom(Math.imul(seed, 1_000_003) + round);
  const users = random
    .sample([...Array(slots).keys()], USERS_PER_ROUND)
    .map((slot) => planUser(random, slot, processes));
  const victims = random.sample([...Array(processes).keys()], KILLS_PER_ROUND);
  const kills = victims.map((process) => ({
    process,
    at: KILL_POINTS[random.below(KILL_POINTS.length)]!,
    afterMs: random.below(LONGEST_DELAY_MS),
  }));
  const rest = [...Array(processes).keys()].filter((process) => !victims.includes(process));
  return {
    ...{ round, users, kills },
    zoom: Array.from({ length: USERS_PER_ROUND }, () => planZoomFault(random)),
    database: random.chance(0.3) ? planDatabaseFault(random, random.below(processes)) : undefined,
    pause: random.chance(0.15)
      ? {
          process: rest[0]!,
          afterMs: random.below(LONGEST_DELAY_MS),
          ms: 1_500 + random.below(1_000),
        }
      : undefined,
  };
}

function planUser(random: SeededRandom, slot: number, processes: number): UserPlan {
  const callsAt = Array.from({ length: CALLS_PER_USER }, () => random.below(processes));
  if (!random.chance(0.3)) return { slot, callsAt };
  const kinds: UserAction[] = ['revoke', 'reconnect', 'reconnect', 'lose_to_another', 'uninstall'];
  const kind = kinds[random.below(kinds.length)]!;
  return { slot, callsAt, action: { kind, afterMs: random.below(500), process: random.below(processes) } };
}

function planZoomFault(random: SeededRandom): ZoomFault {
  const draw = random.next();
  if (draw < 0.04) return { kind: 'drop_answer' };
  if (draw < 0.08) return { kind: 'status', status: 503 };
  if (draw < 0.1) return { kind: 'html' };
  if (draw < 0.13) return { kind: 'reset' };
  if (draw < 0.16) return { kind: 'rate_limited', retryAfter: '1' };
  return { kind: 'delay', ms: random.below(LONGEST_DELAY_MS), hold: random.chance(0.5) ? 'answer' : 'work' };
}

function planDatabaseFault(random: SeededRandom, process: number): DatabaseFault {
  const kinds = ['refuse_holder', 'cut_lease', 'unreachable'] as const;
  return {
    process,
    kind: kinds[random.below(kinds.length)]!,
    ms: random.below(2_000),
  };
}

import { type GraphQLAnswer } from '../support/harness.js';
import { type RoundPlan, type UserAction } from './plan.js';

/** What one caller was told. */
export type CallOutcome = 'served' | 'cutOff' | 'toldToWait' | 'ended' | 'violation';

/** Codes that ask a caller to come back. */
export const WAIT = ['ZOOM_UNAVAILABLE', 'ZOOM_RATE_LIMITED'];
/** Codes that say that there is no connection any more. */
export const ENDED = ['ZOOM_REAUTHORIZATION_REQUIRED', 'ZOOM_NOT_CONNECTED'];

/**
 * Whether a caller could have been served. `undefined`: no answer came. Only those whose own process was killed may
 * get none, and only an outage is a reason to be told to wait.
 */
export function judgeCall(plan: RoundPlan, process: number, answer: GraphQLAnswer | undefined): CallOutcome {
  if (!answer) return plan.kills.some((kill) => kill.process === process) ? 'cutOff' : 'violation';
  const code = answer.errors?.[0]?.extensions.code;
  if (code === undefined) return 'served';
  if (ENDED.includes(code)) return 'ended';
  if (WAIT.includes(code)) return plan.zoom.some(({ kind }) => kind !== 'delay') ? 'toldToWait' : 'violation';
  const isDatabaseAway = plan.database?.process === process && plan.database.kind !== 'refuse_holder';
  return code === 'INTERNAL_SERVER_ERROR' && isDatabaseAway ? 'toldToWait' : 'violation';
}

/** What a user did in a round; `certain` when they were told that it is done. */
export interface DoneAction {
  kind: UserAction;
  certain: boolean;
}

/**
 * Whether a connection may stand like this after what its user did; `end` undefined: it serves. `isUnrecorded`: Zoom
 * has handed out tokens for it that no row ever held, which is the one way to lose it.
 */
export function judgeEnd(
  end: string | undefined,
  action: DoneAction | undefined,
  isUnrecorded: boolean,
): boolean {
  // After a removal nobody can tell whether an attempt of unknown outcome had spent the token before.
  if (end === 'ROTATION_LOST') return isUnrecorded || action?.kind === 'uninstall';
  switch (action?.kind) {
    case undefined:
    case 'reconnect':
      return end === undefined;
    case 'revoke':
      return end === 'REVOKED_BY_USER' || (end === undefined && !action.certain);
    case 'lose_to_another':
      if (action.certain) return end === 'SUPERSEDED';
      // Only Zoom knows whose code it redeemed when the process that sent it has died with the answer.
      return [undefined, 'SUPERSEDED', 'REFRESH_TOKEN_REJECTED'].includes(end);
    case 'uninstall':
      return end === 'REFRESH_TOKEN_REJECTED';
  }
}

/**
 * Whether callers were told the truth: a connection that serves in the end must not have been called lost, unless the
 * write that healed it was held up.
 */
export function judgeTold(
  plan: RoundPlan,
  told: readonly string[],
  end: string | undefined,
  action: DoneAction | undefined,
): boolean {
  return (
    end !== undefined || action !== undefined || told.length === 0 || Boolean(plan.database ?? plan.pause)
  );
}

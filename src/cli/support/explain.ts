import { type AuditEvent } from '../../models/audit-event.js';
import { type Grant } from '../../grants/grant.js';
import { grantStatus } from '../../grants/grant-status.js';
import { ACTIONS, EVENTS, REASONS } from './words.js';

/** What is known about a user. */
export interface Case {
  userId: string;
  grant: Grant | undefined;
  missingScopes: readonly string[];
  /** The newest first. */
  events: readonly AuditEvent[];
  /** Older events exist. */
  hasMore: boolean;
}

/** Why a user is connected or not at `now`: status, reason, what to do, and what happened, as lines of text. */
export function explain(what: Case, now: Date): string[] {
  const { status, reason, since, nextAction } = grantStatus(what.grant, now, what.missingScopes);
  return [
    `User:    ${printable(what.userId)}`,
    `Status:  ${status}${since ? ` since ${since.toISOString()} (${age(since, now)})` : ''}`,
    ...(reason ? [`Reason:  ${reason}: ${REASONS[reason]}`] : []),
    ...trouble(what.grant, what.missingScopes),
    `To do:   ${ACTIONS[nextAction]}`,
    '',
    ...history(what),
  ];
}

/** What keeps a connected user from using the connection. */
function trouble(grant: Grant | undefined, missingScopes: readonly string[]): string[] {
  if (!grant?.isActive) return [];
  const { refreshBackoff, refreshErrorCount } = grant;
  return [
    ...(refreshBackoff
      ? [
          `Refresh: failed ${refreshErrorCount} times in a row (${refreshBackoff.code}), next try at ${refreshBackoff.retryAt.toISOString()} or later`,
        ]
      : []),
    ...(missingScopes.length > 0 ? [`Scopes:  these are missing: ${missingScopes.join(', ')}`] : []),
  ];
}

function history({ events, hasMore }: Case): string[] {
  if (events.length === 0) return ['The audit trail has no event of this user.'];
  const title = `What happened, the oldest first${hasMore ? ' (older events are left out)' : ''}:`;
  return [title, ...runsOf(events.toReversed()).map(lineOf)];
}

/** Events of one kind in a row. */
type Run = [AuditEvent, ...AuditEvent[]];

function runsOf(events: readonly AuditEvent[]): Run[] {
  const runs: Run[] = [];
  for (const event of events) {
    const run = runs.at(-1);
    const isSame = run?.[0].type === event.type && run[0].cause === event.cause;
    if (run && isSame && event.actor.kind === run[0].actor.kind) run.push(event);
    else runs.push([event]);
  }
  return runs;
}

function lineOf(run: Run): string {
  const [first] = run;
  const { type, cause, actor, zoomTrackingId, correlationId } = first;
  const last = run.at(-1) ?? first;
  const details = [
    ...(cause ? [cause] : []),
    `by ${actor.kind}${actor.id === undefined ? '' : ` ${printable(actor.id)}`}`,
    ...(run.length > 1 ? [`${run.length} times until ${last.occurredAt.toISOString()}`] : []),
    ...(correlationId ? [`request ${correlationId}`] : []),
    ...(zoomTrackingId ? [`Zoom's tracking id ${zoomTrackingId}`] : []),
  ];
  return `${first.occurredAt.toISOString()}  ${EVENTS[type]} (${details.join('; ')})`;
}

/** Ids are the platform's own text. No control character of one reaches the terminal. */
export function printable(id: string): string {
  return /^[\x21-\x7e]+$/.test(id) ? id : JSON.stringify(id).replace(/[\x7f-\x9f]/g, '?');
}

const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const;

function age(since: Date, now: Date): string {
  const elapsedMs = now.getTime() - since.getTime();
  for (const [unit, ms] of UNITS) {
    const count = Math.floor(elapsedMs / ms);
    if (count > 0) return `${count} ${unit}${count > 1 ? 's' : ''} ago`;
  }
  return 'less than a minute ago';
}

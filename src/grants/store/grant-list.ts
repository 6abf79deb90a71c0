import { REFUSAL_CAUSES } from '../../models/refresh-refusal.js';
import { type DisconnectReason } from '../../models/user-oauth-token.js';
import { type Grant } from '../grant.js';
import { type ConnectionStatus } from '../grant-status.js';

export type StoredStatus = Exclude<ConnectionStatus, 'NOT_CONNECTED'>;

/** Which grants are wanted. What is undefined excludes none. */
export interface GrantFilter {
  status?: StoredStatus | undefined;
  /** Why the connection ended; or why Zoom refuses to refresh a connection that is kept. */
  reason?: DisconnectReason | undefined;
  /** Only what has changed at this instant or later (UTC). */
  since?: Date | undefined;
}

/** A place in a list: just after the grant of this user. In a list by time also: that has changed then (UTC). */
export interface GrantPlace {
  changedAt?: Date | undefined;
  userId: string;
}

const STATUS_FIELDS: Record<StoredStatus, Pick<Grant, 'isActive' | 'isRevoked'>> = {
  CONNECTED: { isActive: true, isRevoked: false },
  REAUTHORIZATION_REQUIRED: { isActive: false, isRevoked: false },
  REVOKED: { isActive: false, isRevoked: true },
};

const ofRefusals: ReadonlySet<string> = new Set(REFUSAL_CAUSES);

/** Whether a list with this filter is by time, the newest change first. Otherwise it is by user id. */
export function isByTime({ reason, since }: GrantFilter): boolean {
  return reason !== undefined || since !== undefined;
}

/** When the grant changed, in the sense of a list with this filter. */
export function changedAt({ reason }: GrantFilter, grant: Grant): Date {
  return isRefusal(reason) ? (grant.refreshRefusal?.since ?? grant.since) : grant.since;
}

/** The filter and the order of MongoDB. Each has an index that gives the order, so a part costs what it holds. */
export function listQuery(
  filter: GrantFilter,
  after?: GrantPlace,
): { filter: object; sort: Record<string, 1 | -1> } {
  const { status, reason, since } = filter;
  const ofStatus = status ? STATUS_FIELDS[status] : {};
  if (!isByTime(filter))
    return { filter: { ...ofStatus, userId: { $gt: after?.userId ?? '' } }, sort: { userId: 1 } };
  const time = isRefusal(reason) ? 'refreshRefusal.since' : 'since';
  const from = since && { $gt: new Date(since.getTime() - 1) };
  const to = after?.changedAt && { $lte: after.changedAt };
  return {
    filter: {
      ...ofStatus,
      ...ofReason(reason),
      ...((from ?? to) && { [time]: { ...to, ...from } }),
      ...(after?.changedAt && {
        $or: [{ [time]: { $lt: after.changedAt } }, { userId: { $lt: after.userId } }],
      }),
    },
    sort: { [time]: -1, userId: -1 },
  };
}

function isRefusal(reason: DisconnectReason | undefined): boolean {
  return reason !== undefined && ofRefusals.has(reason);
}

/** A status that contradicts the reason leaves nothing. */
function ofReason(reason: DisconnectReason | undefined): object {
  if (reason === undefined) return {};
  if (isRefusal(reason)) return { 'refreshRefusal.cause': reason };
  return { reason };
}

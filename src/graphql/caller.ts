import { type Initiator } from '../audit/audit-log.js';
import { AppError } from '../lib/errors.js';

/** The caller, as named by the platform's token. */
export interface Caller {
  /** The claim `sub` of the token: the id of a user of the platform, or of a service. */
  userId: string;
  role: 'user' | 'service' | 'admin';
}

/**
 * The user that an operation is about: the caller, or the user that a service or an admin acts for.
 * @throws AppError `FORBIDDEN` when a caller of another role names another user
 */
export function subjectOf(caller: Caller, onBehalfOf: string | undefined | null): string {
  if (onBehalfOf === undefined || onBehalfOf === null || onBehalfOf === caller.userId) return caller.userId;
  if (caller.role === 'user')
    throw new AppError('FORBIDDEN', {
      message: 'onBehalfOf is for services and admins.',
      argument: 'onBehalfOf',
    });
  return onBehalfOf;
}

/** @throws AppError `FORBIDDEN` when the caller is not an admin */
export function assertAdmin({ role }: Caller, field: string): void {
  if (role !== 'admin') throw new AppError('FORBIDDEN', { message: `${field} is for admins.` });
}

/** The caller as an actor of the audit trail. */
export function actorOf({ userId, role }: Caller): Initiator['actor'] {
  return { kind: role, id: userId };
}

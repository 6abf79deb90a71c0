import { type Origin } from '../audit/audit-log.js';
import { AppError } from '../lib/errors.js';

/** Who is calling, as the platform's token says. */
export interface Caller {
  /** `sub` of the token: the platform's user id, or the id of a service. */
  userId: string;
  role: 'user' | 'service' | 'admin';
}

/**
 * The user an operation is about: the caller, or for services and admins the one they act for.
 * @throws AppError `FORBIDDEN` when somebody else names another user.
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

/** The caller as the audit trail names them. */
export function actorOf({ userId, role }: Caller): Origin['actor'] {
  return { kind: role, id: userId };
}

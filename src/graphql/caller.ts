import { type Initiator } from '../audit/audit-log.js';
import { AppError, badUserInput } from '../lib/errors.js';
import { isUserId } from '../lib/user-id.js';

/** The caller, as named by the platform's token. */
export interface Caller {
  /** The claim `sub` of the token: the id of a user of the platform, or of a service. */
  userId: string;
  role: 'user' | 'service' | 'admin';
}

/**
 * The user that an operation is about: the caller, or the user that a service or an admin acts for.
 * @throws AppError `FORBIDDEN` when a caller of another role names another user; `BAD_USER_INPUT` when `onBehalfOf` is
 *   no user id (see {@link isUserId})
 */
export function subjectOf(caller: Caller, onBehalfOf: string | undefined | null): string {
  if (onBehalfOf === undefined || onBehalfOf === null || onBehalfOf === caller.userId) return caller.userId;
  if (caller.role === 'user')
    throw new AppError('FORBIDDEN', {
      message: 'onBehalfOf is for services and admins.',
      argument: 'onBehalfOf',
    });
  if (!isUserId(onBehalfOf))
    throw badUserInput('onBehalfOf', 'must be a user id of 1 to 256 characters, without lone surrogates.');
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

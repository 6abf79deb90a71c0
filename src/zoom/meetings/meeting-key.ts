import { badUserInput } from '../../lib/errors.js';

const NUMBER = /^\d{9,12}$/;
/** Base64 of 16 bytes. */
const UUID = /^[A-Za-z0-9+/]{22}==$/;

/** Whether an id is the UUID of an instance of a meeting. */
export function isMeetingUuid(id: string): boolean {
  return UUID.test(id);
}

/**
 * The part of a path that names a meeting, for a meeting number or the UUID of an instance. A UUID that begins with
 * `/` or holds `//` has to be encoded twice (zoom-protocol §9.1).
 * @throws AppError `BAD_USER_INPUT` naming `argument`
 */
export function meetingKey(id: string, argument: string): string {
  if (NUMBER.test(id)) return id;
  if (!isMeetingUuid(id))
    throw badUserInput(argument, 'is neither a meeting number nor the UUID of a meeting');
  const once = encodeURIComponent(id);
  return id.startsWith('/') || id.includes('//') ? encodeURIComponent(once) : once;
}

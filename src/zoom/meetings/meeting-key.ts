import { badUserInput } from '../../lib/errors.js';

const NUMBER = /^\d{9,12}$/;
/** Base64 of 16 bytes. */
const UUID = /^[A-Za-z0-9+/]{22}==$/;

/** Whether an id is the UUID of one instance of a meeting. */
export function isMeetingUuid(id: string): boolean {
  return UUID.test(id);
}

/**
 * The path segment for a meeting number or for the UUID of an instance. A UUID that begins with `/` or contains `//`
 * has to be encoded twice (docs/zoom-protocol.md §9.1).
 * @throws AppError `BAD_USER_INPUT` naming `argument`
 */
export function meetingKey(id: string, argument: string): string {
  if (NUMBER.test(id)) return id;
  if (!isMeetingUuid(id))
    throw badUserInput(argument, 'is neither a meeting number nor the UUID of a meeting');
  const once = encodeURIComponent(id);
  return id.startsWith('/') || id.includes('//') ? encodeURIComponent(once) : once;
}

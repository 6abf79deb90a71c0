import { badUserInput } from '../../lib/errors.js';

const NUMBER = /^\d{9,12}$/;
/** Base64 of 16 bytes. */
const UUID = /^[A-Za-z0-9+/]{22}==$/;
/** Spaces, dashes and invisible characters, which Zoom's pages and mails put into a meeting number. */
const SEPARATORS = /[\s\p{Z}\p{Pd}\p{Cf}]/gu;
const OCCURRENCE_ID = /^\d{1,20}$/;

/** Whether an id is the UUID of one instance of a meeting. */
export function isMeetingUuid(id: string): boolean {
  return UUID.test(id);
}

/**
 * The id of a meeting as this server stores it: a meeting number without the separators with which people copy it
 * (`860 0000 0001`, `860-0000-0001`). Any other id only loses the white space around it.
 */
export function meetingIdOf(id: string): string {
  const number = id.replace(SEPARATORS, '');
  return NUMBER.test(number) ? number : id.trim();
}

/**
 * The path segment for a meeting number or for the UUID of an instance. A UUID that begins with `/` or contains `//`
 * has to be encoded twice (docs/zoom-protocol.md §9.1).
 * @throws AppError `BAD_USER_INPUT` naming `argument`
 */
export function meetingKey(id: string, argument: string): string {
  const known = meetingIdOf(id);
  if (NUMBER.test(known)) return known;
  if (!isMeetingUuid(known))
    throw badUserInput(argument, 'is neither a meeting number nor the UUID of a meeting');
  const once = encodeURIComponent(known);
  return known.startsWith('/') || known.includes('//') ? encodeURIComponent(once) : once;
}

/**
 * Refuses the id of a date that cannot be one. An empty id above all: Zoom could take it for none, and would then delete
 * or change the whole series.
 * @throws AppError `BAD_USER_INPUT` naming `argument`
 */
export function checkOccurrenceId(occurrenceId: string | undefined, argument: string): void {
  if (occurrenceId !== undefined && !OCCURRENCE_ID.test(occurrenceId))
    throw badUserInput(argument, 'is not the id of a date: 1 to 20 digits');
}

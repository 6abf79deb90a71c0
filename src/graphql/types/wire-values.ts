import { readInstant } from '../../zoom/read-instant.js';

/** A web address as Zoom sends it. Any other is left out, so that the other fields still reach the client. */
export function urlOrNothing(value: string | undefined): string | undefined {
  if (value === undefined || !URL.canParse(value)) return undefined;
  // A frontend puts these addresses into links, where `javascript:` would run.
  return ['https:', 'http:'].includes(new URL(value).protocol) ? value : undefined;
}

/**
 * An instant as Zoom sends it. One that cannot be read is left out, like a URL. `timeZone`: the IANA name that the same
 * answer gives, for a time without a zone.
 */
export function dateOrNothing(value: string | undefined, timeZone?: string): Date | undefined {
  return value === undefined ? undefined : readInstant(value, timeZone);
}

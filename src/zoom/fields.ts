import { z } from 'zod';

/** Text that Zoom may omit, or send as an empty string (docs/zoom-protocol.md §5.2): both become undefined. */
export const optionalText = z
  .string()
  .nullish()
  .transform((value) => (value === '' ? undefined : (value ?? undefined)));

/** A number that Zoom may omit. */
export const optionalNumber = z
  .number()
  .nullish()
  .transform((value) => value ?? undefined);

/** A boolean that Zoom may omit. */
export const optionalFlag = z
  .boolean()
  .nullish()
  .transform((value) => value ?? undefined);

/** An id as a string. Zoom sends ids sometimes as numbers and sometimes as strings (docs/zoom-protocol.md §9.11). */
export const idText = z.union([z.number(), z.string()]).transform(String);

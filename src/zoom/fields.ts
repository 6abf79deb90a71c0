import { z } from 'zod';

/** Text that Zoom may leave out, or send empty for what it does not know (zoom-protocol §5.2): undefined then. */
export const optionalText = z
  .string()
  .nullish()
  .transform((value) => value || undefined);

/** A number that Zoom may leave out. */
export const optionalNumber = z
  .number()
  .nullish()
  .transform((value) => value ?? undefined);

/** A switch that Zoom may leave out. */
export const optionalFlag = z
  .boolean()
  .nullish()
  .transform((value) => value ?? undefined);

/** An id, which Zoom sends as a number here and as a string there (zoom-protocol §9.11): a string. */
export const idText = z.union([z.number(), z.string()]).transform(String);

import { z } from 'zod';

/** The largest value of GraphQL's `Int` (https://spec.graphql.org/October2021/#sec-Int). */
const MAX_INT = 2 ** 31 - 1;
/** Controls other than tab and line breaks, and halves of surrogate pairs. Some JSON parsers of clients refuse them. */
const UNPRINTABLE = /(?![\t\n\r])[\p{Cc}\p{Cs}]/gu;

/**
 * Text that Zoom may omit, or send as null or as an empty string (docs/zoom-protocol.md §5.2): undefined then. Loses
 * characters that no text needs.
 */
export const optionalText = z
  .string()
  .nullish()
  .transform((value) => {
    const text = value?.replace(UNPRINTABLE, '');
    return text?.trim() ? text : undefined;
  });

/** A count that Zoom may omit. It fits GraphQL's `Int`. */
export const optionalCount = z
  .int()
  .min(0)
  .max(MAX_INT)
  .nullish()
  .transform((value) => value ?? undefined);

/** A size in bytes that Zoom may omit. It may exceed 32 bits, so it is a `Float` in GraphQL. */
export const optionalSize = z
  .number()
  .min(0)
  .nullish()
  .transform((value) => value ?? undefined);

/** A boolean that Zoom may omit. */
export const optionalFlag = z
  .boolean()
  .nullish()
  .transform((value) => value ?? undefined);

/**
 * An id as a string, which has to be there. Zoom sends ids sometimes as numbers and sometimes as strings
 * (docs/zoom-protocol.md §9.11). A number beyond 53 bits has been rounded, so it names nothing.
 */
export const idText = z.union([z.int(), z.string().trim().min(1)]).transform(String);

/** A list that Zoom may omit: empty then. */
export function listOf<T extends z.ZodType>(element: T) {
  return z
    .array(element)
    .nullish()
    .transform((value) => value ?? []);
}

/** The fields that say how a list at Zoom goes on. An empty token is the end of the list. */
export const pageFields = {
  next_page_token: optionalText.transform((value) => value ?? ''),
  total_records: optionalCount,
};

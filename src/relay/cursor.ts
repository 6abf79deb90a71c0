import { z } from 'zod';
import { badUserInput } from '../lib/errors.js';

const envelopeSchema = z.tuple([z.string(), z.unknown()]);

/** A cursor: the name of a list and a place in it, encoded. Clients treat it as opaque. `place` must survive JSON. */
export function encodeCursor(list: string, place: unknown): string {
  return Buffer.from(JSON.stringify([list, place])).toString('base64url');
}

/**
 * The place that a cursor of `list` holds. A client can send any text, so the place is checked against `placeSchema`.
 * @throws AppError `BAD_USER_INPUT` naming `after`
 */
export function decodeCursor<Place>(cursor: string, list: string, placeSchema: z.ZodType<Place>): Place {
  const [cursorList, place] = parse(envelopeSchema, () =>
    JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')),
  );
  if (cursorList !== list)
    throw badUserInput('after', 'is a cursor of another list; keep the other arguments as they were');
  return parse(placeSchema, () => place);
}

function parse<T>(schema: z.ZodType<T>, read: () => unknown): T {
  try {
    return schema.parse(read());
  } catch (cause) {
    throw badUserInput('after', 'is not a cursor of this API', cause);
  }
}

import { z } from 'zod';
import { badUserInput } from '../lib/errors.js';

/**
 * A place in a list of Zoom's: after `skip` items of the page that `token` leads to. Zoom wants each page token
 * replayed with the parameters it was issued for, so the cursor carries them.
 */
export interface PageCursor {
  token: string;
  skip: number;
  pageSize: number;
  /** The other parameters of the list, e.g. the meeting type. */
  list: string;
}

const cursorSchema = z.tuple([
  z.string().max(1024),
  z.number().int().min(0).max(300),
  z.number().int().min(1).max(300),
  z.string().max(200),
]);

/** The cursor as clients see it: opaque. */
export function encodeCursor({ token, skip, pageSize, list }: PageCursor): string {
  return Buffer.from(JSON.stringify([token, skip, pageSize, list])).toString('base64url');
}

/**
 * Reads a cursor of the list `list`.
 * @throws AppError `BAD_USER_INPUT` naming `after`
 */
export function decodeCursor(cursor: string, list: string): PageCursor {
  let parsed: z.infer<typeof cursorSchema>;
  try {
    parsed = cursorSchema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
  } catch (cause) {
    throw badUserInput('after', 'is not a cursor of this API', cause);
  }
  const [token, skip, pageSize, cursorList] = parsed;
  if (cursorList !== list)
    throw badUserInput('after', 'is a cursor of another list; keep the other arguments as they were');
  return { token, skip, pageSize, list };
}

import { badUserInput } from '../lib/errors.js';

/** A part of a list, in the shape of Relay's connections. */
export interface Slice<T> {
  edges: { cursor: string; node: T }[];
  hasNextPage: boolean;
  /** Where the next slice begins. A slice without edges can have one too. Undefined when nothing was found at all. */
  endCursor?: string | undefined;
  totalCount?: number | undefined;
}

/** Which part of a list is wanted. */
export interface ForwardPage {
  /** The largest number of edges, 1 to {@link MAX_FIRST}. */
  first: number;
  /** A cursor. The part begins behind it. */
  after?: string | undefined;
}

/** A part of a named list. */
export interface SliceRequest extends ForwardPage {
  /** The list and its parameters. A cursor of one list is refused by all others. */
  list: string;
}

/** The longest slice that a client can ask for. */
export const MAX_FIRST = 300;

/** @throws AppError `BAD_USER_INPUT` naming `first` */
export function checkFirst(first: number): void {
  if (!Number.isInteger(first) || first < 1 || first > MAX_FIRST)
    throw badUserInput('first', `must be from 1 to ${MAX_FIRST}`);
}

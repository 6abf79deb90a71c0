/** A unique index refuses a row, and no row that this release reads has the same key. */
export class RowConflictError extends Error {
  override readonly name = 'RowConflictError';

  constructor() {
    super('a row that this release does not read has the same unique key');
  }
}

/** Codes by which MongoDB refuses a document itself: it would refuse the next try too. */
const REFUSED_DOCUMENT = new Set<unknown>([
  2, // BadValue
  9, // FailedToParse
  14, // TypeMismatch
  66, // ImmutableField
  121, // DocumentValidationFailure
  10334, // BSONObjectTooLarge
]);
/**
 * Errors of mongoose, of the BSON serializer and of the language for values that no document can hold. A TypeError is not
 * among them: a client that is being replaced may throw one.
 */
const REFUSED_VALUE = new Set([
  'ValidationError',
  'CastError',
  'StrictModeError',
  'ObjectExpectedError',
  'BSONError',
  'BSONRuntimeError',
  'RangeError',
  'RowConflictError',
]);

/**
 * Whether a failed write would fail for ever: what was to be written is refused, not the moment. An error that is not
 * known counts as passing, because tokens that Zoom has issued exist nowhere else.
 */
export function isPermanentFailure(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (REFUSED_VALUE.has(error.name)) return true;
  return 'code' in error && error.name.startsWith('Mongo') && REFUSED_DOCUMENT.has(error.code);
}

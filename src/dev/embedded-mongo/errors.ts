const CODES = {
  InternalError: 1,
  BadValue: 2,
  FailedToParse: 9,
  TypeMismatch: 14,
  ProtocolError: 17,
  IndexNotFound: 27,
  PathNotViable: 28,
  ConflictingUpdateOperators: 40,
  CursorNotFound: 43,
  CommandNotFound: 59,
  ImmutableField: 66,
  CannotCreateIndex: 67,
  InvalidOptions: 72,
  InvalidNamespace: 73,
  IndexOptionsConflict: 85,
  IndexKeySpecsConflict: 86,
  InvalidPipelineOperator: 168,
  InvalidIndexSpecificationOption: 197,
  QueryFeatureNotAllowed: 224,
  NotImplemented: 238,
  NoQueryExecutionPlans: 291,
  BSONObjectTooLarge: 10334,
  DuplicateKey: 11000,
  OutOfDiskSpace: 14031,
  Location16020: 16020,
  Location17124: 17124,
  Location17276: 17276,
  Location28646: 28646,
  Location28647: 28647,
  Location28648: 28648,
  Location28650: 28650,
  Location28651: 28651,
  Location28664: 28664,
  Location40324: 40324,
  Location40414: 40414,
  UnknownField: 40415,
} as const;

/** An error with MongoDB's own code; `details` are further fields of the reply (keyPattern, keyValue). */
export class CommandError extends Error {
  readonly code: number;

  constructor(
    readonly codeName: keyof typeof CODES,
    message: string,
    readonly details: Record<string, unknown> = {},
  ) {
    super(message);
    this.code = CODES[codeName];
  }

  /** The error as the reply of a whole command. */
  toReply(): Record<string, unknown> {
    return { ok: 0, errmsg: this.message, code: this.code, codeName: this.codeName, ...this.details };
  }

  /** The error as one entry of `writeErrors`. */
  toWriteError(index: number): Record<string, unknown> {
    return { index, code: this.code, errmsg: this.message, ...this.details };
  }
}

/** A thrown value as a CommandError; what was not one becomes an InternalError. */
export function asCommandError(thrown: unknown): CommandError {
  return thrown instanceof CommandError ? thrown : new CommandError('InternalError', String(thrown));
}

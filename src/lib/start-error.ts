/** The server cannot start, and the operator can mend it: printed as this one message, without a stack. */
export class StartError extends Error {
  override readonly name = 'StartError';
}

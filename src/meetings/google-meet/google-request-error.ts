/** A failed request to Google. It holds no part of the request or of the answer. */
export class GoogleRequestError extends Error {
  override readonly name = 'GoogleRequestError';

  /** `status` undefined: no usable answer came. `withoutEffect`: Google has certainly created nothing. */
  constructor(
    readonly status: number | undefined,
    readonly withoutEffect: boolean,
    cause?: unknown,
  ) {
    super(status === undefined ? 'no usable answer from Google' : `Google answered HTTP ${status}`, {
      cause,
    });
  }

  /** Whether only the operator can fix it: the key, the delegation or the API is not set up. */
  get isConfiguration(): boolean {
    return this.status !== undefined && this.status >= 400 && this.status < 500 && this.status !== 429;
  }
}

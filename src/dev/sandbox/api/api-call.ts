import { type FastifyReply, type FastifyRequest } from 'fastify';
import { type SandboxState } from '../state.js';
import { type Grant } from '../store/grant-store.js';

/** Rate limit labels of Zoom's API. No endpoint of the sandbox is `Heavy`. */
export type RateLimitLabel = 'Light' | 'Medium';

/** Whose data a token reaches: that of its own user, or of every user in its account. */
export type Reach = 'self' | 'account';

/** A call whose token and scope have been checked. */
export interface ApiCall {
  readonly state: SandboxState;
  readonly grant: Grant;
  readonly reach: Reach;
  readonly query: URLSearchParams;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

export interface ApiRoute {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly url: string;
  /** The granular scope that a token needs. See `checkScope`. */
  readonly scope: string;
  readonly label: RateLimitLabel;
  /** Returns the body of the answer. */
  handle(call: ApiCall): unknown;
}

interface FieldError {
  field: string;
  message: string;
}

/** An error of the REST API. Its body is `{code, message}`, unlike that of an OAuth error. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: number,
    message: string,
    readonly errors?: readonly FieldError[],
  ) {
    super(message);
  }
}

/** For a missing, malformed, rotated or revoked token. */
export function invalidAccessToken(): ApiError {
  return new ApiError(401, 124, 'Invalid access token.');
}

export function validationFailed(...fields: string[]): ApiError {
  const errors = fields.map((field) => ({ field, message: 'Invalid field.' }));
  return new ApiError(400, 300, 'Validation Failed.', errors);
}

/** For a user who does not exist or whom the token does not reach. */
export function noSuchUser(id: string): ApiError {
  return new ApiError(404, 1001, `User does not exist: ${id}`);
}

/** For a meeting that does not exist or that the token does not reach. */
export function noSuchMeeting(id: string): ApiError {
  return new ApiError(404, 3001, `Meeting does not exist: ${id}.`);
}

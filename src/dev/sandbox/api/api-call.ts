import { type FastifyReply, type FastifyRequest } from 'fastify';
import { type SandboxState } from '../state.js';
import { type Grant } from '../store/grant-store.js';

/** Rate limit labels of Zoom's API; no endpoint here is heavier. */
export type RateLimitLabel = 'Light' | 'Medium';

/** An authorized call: token and scope are already checked. */
export interface ApiCall {
  readonly state: SandboxState;
  readonly grant: Grant;
  readonly query: URLSearchParams;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** One endpoint of the REST API. */
export interface ApiRoute {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly url: string;
  /** The user-level scope that it needs; its `:admin` twin serves Server-to-Server tokens. */
  readonly scope: string;
  readonly label: RateLimitLabel;
  /** Returns the body of the answer. */
  handle(call: ApiCall): unknown;
}

/** One refused field of a request. */
interface FieldError {
  field: string;
  message: string;
}

/** A refusal of the REST API: `{code, message}`, not OAuth-shaped. */
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

/** Missing, garbage, rotated or revoked token. */
export function invalidAccessToken(): ApiError {
  return new ApiError(401, 124, 'Invalid access token.');
}

/** The token lacks a scope; the message lists every scope that would do. */
export function missingScope(...accepted: string[]): ApiError {
  return new ApiError(400, 4711, `Invalid access token, does not contain scopes:[${accepted.join(', ')}].`);
}

/** Refused parameters, by field. */
export function validationFailed(...fields: string[]): ApiError {
  const errors = fields.map((field) => ({ field, message: 'Invalid field.' }));
  return new ApiError(400, 300, 'Validation Failed.', errors);
}

/** No such user, or none that this token may see. */
export function noSuchUser(id: string): ApiError {
  return new ApiError(404, 1001, `User does not exist: ${id}`);
}

/** No such meeting, or none that this token may see. */
export function noSuchMeeting(id: string): ApiError {
  return new ApiError(404, 3001, `Meeting does not exist: ${id}.`);
}

import { type FastifyReply, type FastifyRequest } from 'fastify';
import { type Grant } from '../store/grant-store.js';
import { type SandboxState } from '../state.js';

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

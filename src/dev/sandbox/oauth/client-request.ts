import { type FastifyRequest } from 'fastify';
import { formOf, queryOf } from '../http/requests.js';
import { type SandboxState } from '../state.js';
import { type SandboxApp } from '../store/apps.js';

/** A refusal of the token or revocation endpoint; Zoom says `reason` where RFC 6749 §5.2 says `error_description`. */
export class OAuthError extends Error {
  constructor(
    readonly reason: string,
    readonly error: string,
    readonly status = 400,
  ) {
    super(reason);
  }
}

/** The one answer to a refresh token that is rotated, revoked, expired or unknown. */
export function invalidToken(): OAuthError {
  return new OAuthError('Invalid Token!', 'invalid_grant');
}

/** Zoom reads the parameters from the body or the query; the body wins. */
export function parametersOf(request: FastifyRequest): URLSearchParams {
  const parameters = queryOf(request);
  for (const [name, value] of formOf(request)) parameters.set(name, value);
  return parameters;
}

/**
 * The app that a request's credentials prove, from the Authorization header or else from the parameters.
 * @see RFC 6749 §2.3.1
 */
export function authenticateClient(
  state: SandboxState,
  request: FastifyRequest,
  parameters: URLSearchParams,
): SandboxApp {
  const basic = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(request.headers.authorization ?? '')?.[1];
  const [id, secret] = basic
    ? decodeBasic(basic)
    : [parameters.get('client_id'), parameters.get('client_secret')];
  if (!id || !secret) throw new OAuthError('Client ID or client secret is missing.', 'invalid_client');
  const app = state.apps.find(id);
  if (app?.clientSecret !== secret)
    throw new OAuthError('Invalid client_id or client_secret', 'invalid_client');
  return app;
}

function decodeBasic(credentials: string): [string | null, string | null] {
  const [, id, secret] = /^([^:]*):(.*)$/s.exec(Buffer.from(credentials, 'base64').toString()) ?? [];
  return [formDecode(id), formDecode(secret)];
}

function formDecode(value: string | undefined): string | null {
  return value === undefined ? null : new URLSearchParams(`v=${value.replaceAll('&', '%26')}`).get('v');
}

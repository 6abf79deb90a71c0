import { type FastifyRequest } from 'fastify';
import { formOf, queryOf } from '../http/requests.js';
import { type SandboxState } from '../state.js';
import { type SandboxApp } from '../store/apps.js';

/**
 * An error of the token or revocation endpoint. Zoom sends `reason` in place of `error_description` (RFC 6749 §5.2).
 */
export class OAuthError extends Error {
  constructor(
    readonly reason: string,
    readonly error: string,
    readonly status = 400,
  ) {
    super(reason);
  }
}

/** The same error for every refresh token that is rotated, revoked, expired or unknown. */
export function invalidToken(): OAuthError {
  return new OAuthError('Invalid Token!', 'invalid_grant');
}

/** The parameters of the body and the query. If both have one, the body wins. */
export function parametersOf(request: FastifyRequest): URLSearchParams {
  const parameters = queryOf(request);
  for (const [name, value] of formOf(request)) parameters.set(name, value);
  return parameters;
}

/**
 * Authenticates the client by the Authorization header or, without one, by the parameters.
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

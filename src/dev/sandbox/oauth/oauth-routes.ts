import { type FastifyError, type FastifyInstance } from 'fastify';
import { type SandboxState } from '../state.js';
import { registerAuthorize, registerDecision } from './authorization-endpoint.js';
import { OAuthError } from './client-request.js';
import { registerMetadata } from './metadata-endpoint.js';
import { registerRevoke } from './revocation-endpoint.js';
import { registerToken } from './token-endpoint.js';

/** Registers the OAuth endpoints and the error handler that they share. */
export function registerOAuthRoutes(server: FastifyInstance, state: SandboxState): void {
  void server.register((oauth, _options, done) => {
    oauth.setErrorHandler((error: FastifyError | OAuthError, _request, reply) => {
      const refusal = error instanceof OAuthError ? error : unexpected(error);
      return reply.code(refusal.status).send({ reason: refusal.reason, error: refusal.error });
    });
    registerAuthorize(oauth, state);
    registerDecision(oauth, state);
    registerToken(oauth, state);
    registerRevoke(oauth, state);
    registerMetadata(oauth, state);
    done();
  });
}

function unexpected(error: FastifyError): OAuthError {
  const isUnreadableBody = typeof error.statusCode === 'number' && error.statusCode < 500;
  return isUnreadableBody
    ? new OAuthError('Bad request', 'invalid_request')
    : new OAuthError(error.message, 'server_error', 500);
}

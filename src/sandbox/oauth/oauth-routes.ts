import { type FastifyInstance } from 'fastify';
import { type SandboxState } from '../store/sandbox-state';
import { registerAuthorize } from './authorize';
import { registerDecision } from './decision';
import { OAuthError } from './oauth-error';
import { registerRevoke } from './revoke';
import { registerToken } from './token';

/** The OAuth endpoints, with the one place that turns a refusal into an answer. */
export function registerOAuthRoutes(server: FastifyInstance, state: SandboxState): void {
  void server.register((oauth, _options, done) => {
    oauth.setErrorHandler((error, _request, reply) => {
      const {
        reason,
        error: code,
        status,
      } = error instanceof OAuthError ? error : new OAuthError(String(error), 'server_error', 500);
      return reply.code(status).send({ reason, error: code });
    });
    registerAuthorize(oauth, state);
    registerDecision(oauth, state);
    registerToken(oauth, state);
    registerRevoke(oauth, state);
    done();
  });
}

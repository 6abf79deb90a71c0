import { type FastifyInstance } from 'fastify';
import { type SandboxState } from '../state.js';

/**
 * `GET /.well-known/oauth-authorization-server`: the metadata of RFC 8414 as Zoom serves it: HTTP Basic for the client,
 * PKCE, and no OpenID Connect.
 */
export function registerMetadata(server: FastifyInstance, state: SandboxState): void {
  server.get('/.well-known/oauth-authorization-server', () => ({
    issuer: state.baseUrl,
    authorization_endpoint: `${state.baseUrl}/oauth/authorize`,
    token_endpoint: `${state.baseUrl}/oauth/token`,
    revocation_endpoint: `${state.baseUrl}/oauth/revoke`,
    response_types_supported: ['code'],
    grant_types_supported: ['authorization_code', 'refresh_token'],
    token_endpoint_auth_methods_supported: ['client_secret_basic'],
    revocation_endpoint_auth_methods_supported: ['client_secret_basic'],
    code_challenge_methods_supported: ['S256', 'plain'],
  }));
}

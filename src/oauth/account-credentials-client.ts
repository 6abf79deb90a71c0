import * as oauth from 'oauth4webapi';
import { type Fetch } from '../lib/http-client.js';
import { type Secret } from '../lib/secret.js';
import { clientSecretBasic } from './client-authentication.js';
import { sendRequest } from './send-request.js';
import { parseTokenResponse, type TokenResponse } from './token-response.js';

/** A Server-to-Server app at Zoom and where its authorization server is. */
export interface AccountCredentials {
  /** Base URL of the authorization server; http only for loopback. */
  baseUrl: string;
  /** Zoom's id of the organisation the app belongs to. */
  accountId: string;
  clientId: string;
  clientSecret: Secret;
  /** Longest wait for a whole answer, ms. */
  timeoutMs: number;
}

/**
 * The client of a Server-to-Server app: no user, no consent, no refresh token. Apart from the client for users on
 * purpose: a token of the one must never be asked for with the credentials of the other.
 */
export class AccountCredentialsClient {
  constructor(
    private readonly credentials: AccountCredentials,
    private readonly fetch: Fetch,
  ) {}

  /**
   * Asks for an access token of the app's account. Tokens live side by side: asking twice ends none.
   * @throws TokenRequestError
   * @see RFC 6749 §4.5 (extension grants)
   */
  async requestAccessToken(): Promise<TokenResponse> {
    const { baseUrl, accountId, clientId, clientSecret, timeoutMs } = this.credentials;
    const server = { issuer: baseUrl, token_endpoint: `${baseUrl}/oauth/token` };
    const client = { client_id: clientId };
    const response = await sendRequest({ baseUrl, timeoutMs, fetch: this.fetch }, (options) =>
      oauth.genericTokenEndpointRequest(
        server,
        client,
        clientSecretBasic(clientId, clientSecret),
        'account_credentials',
        { account_id: accountId },
        options,
      ),
    );
    return parseTokenResponse(server, client, response);
  }
}

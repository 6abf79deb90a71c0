import * as oauth from 'oauth4webapi';
import { type Fetch } from '../lib/http-client.js';
import { type OnOddity } from '../lib/oddities.js';
import { type Secret } from '../lib/secret.js';
import { clientSecretBasic } from './client-authentication.js';
import { sendRequest } from './send-request.js';
import { type OnTokenRequest, reportTokenRequest } from './token-request-report.js';
import { parseTokenResponse, type TokenResponse } from './token-response.js';

/** The credentials of a Server-to-Server app, and where its authorization server is. */
export interface AccountCredentials {
  /** Base URL of the authorization server; http only for loopback. */
  baseUrl: string;
  /** Zoom's id of the organisation the app belongs to. */
  accountId: string;
  clientId: string;
  clientSecret: Secret;
  /** Timeout for the whole answer, ms. */
  timeoutMs: number;
}

/**
 * The OAuth client of a Server-to-Server app: it has no user, no consent and no refresh token. It is separate from the
 * client for users, so that no token of one app can be requested with the credentials of the other.
 */
export class AccountCredentialsClient {
  constructor(
    private readonly credentials: AccountCredentials,
    private readonly fetch: Fetch,
    private readonly onOddity?: OnOddity,
    private readonly onRequest?: OnTokenRequest,
  ) {}

  /**
   * Requests an access token for the app's account. The tokens that were issued before stay valid
   * (docs/zoom-protocol.md, "Settled since").
   * @throws TokenRequestError
   * @see RFC 6749 §4.5 (extension grants)
   */
  requestAccessToken(): Promise<TokenResponse> {
    return reportTokenRequest('app_token', () => this.#requestAccessToken(), this.onRequest);
  }

  async #requestAccessToken(): Promise<TokenResponse> {
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
    return parseTokenResponse(response, 'app token', this.onOddity);
  }
}

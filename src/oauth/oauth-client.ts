import * as oauth from 'oauth4webapi';
import { type Fetch } from '../lib/http-client.js';
import { type OnOddity } from '../lib/oddities.js';
import { Secret } from '../lib/secret.js';
import { readAnswer } from './answer.js';
import { buildAuthorizationUrl } from './authorization-request.js';
import { clientSecretBasic } from './client-authentication.js';
import { sendRequest } from './send-request.js';
import { revocationFailure } from './revocation-response.js';
import { type OnTokenRequest, reportTokenRequest, type TokenOperation } from './token-request-report.js';
import { parseTokenResponse, type TokenResponse } from './token-response.js';

/** The registered OAuth client and where its authorization server is. */
export interface OAuthClientSettings {
  /** Base URL of the authorization server, e.g. `https://zoom.us`; http only for loopback. */
  baseUrl: string;
  clientId: string;
  clientSecret: Secret;
  redirectUri: string;
  /** Timeout for the whole answer, ms. */
  timeoutMs: number;
}

/** An authorization request. The state and the code verifier are needed again when its code is redeemed. */
export interface CreatedAuthorizationRequest {
  /** Where to send the user. */
  authorizationUrl: string;
  state: string;
  codeVerifier: Secret;
}

/** What redeeming an authorization code needs. */
export interface CodeExchange {
  /** The query of the redirect, as `parseAuthorizationResponse` accepted it. */
  query: URLSearchParams;
  state: string;
  codeVerifier: Secret;
}

/**
 * The OAuth 2.0 client for Zoom: confidential, `client_secret_basic` (RFC 6749 §2.3.1), PKCE with S256 (RFC 7636).
 * It sends each request once. It knows no clock, no user and no database.
 */
export class OAuthClient {
  readonly #server: oauth.AuthorizationServer;
  readonly #client: oauth.Client;
  readonly #authentication: oauth.ClientAuth;

  constructor(
    private readonly settings: OAuthClientSettings,
    private readonly fetch: Fetch,
    private readonly onOddity?: OnOddity,
    private readonly onRequest?: OnTokenRequest,
  ) {
    const { baseUrl, clientId, clientSecret } = settings;
    this.#server = {
      issuer: baseUrl,
      token_endpoint: `${baseUrl}/oauth/token`,
      revocation_endpoint: `${baseUrl}/oauth/revoke`,
    };
    this.#client = { client_id: clientId };
    this.#authentication = clientSecretBasic(clientId, clientSecret);
  }

  /**
   * Makes an authorization request with a new state and a new code verifier of 256 random bits each.
   * @param scopes absent: those of the app's configuration.
   * @see RFC 6749 §4.1.1, RFC 7636 §4.1-4.3
   */
  async createAuthorizationRequest(scopes?: readonly string[]): Promise<CreatedAuthorizationRequest> {
    const { baseUrl, clientId, redirectUri } = this.settings;
    const state = oauth.generateRandomState();
    const codeVerifier = oauth.generateRandomCodeVerifier();
    const authorizationUrl = buildAuthorizationUrl({
      authorizationEndpoint: `${baseUrl}/oauth/authorize`,
      clientId,
      redirectUri,
      state,
      codeChallenge: await oauth.calculatePKCECodeChallenge(codeVerifier),
      scopes,
    });
    return { authorizationUrl, state, codeVerifier: new Secret(codeVerifier) };
  }

  /**
   * Redeems an authorization code.
   * @throws TokenRequestError
   * @see RFC 6749 §4.1.3, RFC 7636 §4.5
   */
  async exchangeAuthorizationCode({ query, state, codeVerifier }: CodeExchange): Promise<TokenResponse> {
    // The library refuses some parameters that it does not know. A client must ignore them (RFC 6749 §4.1.2).
    const known = new URLSearchParams({ code: query.get('code') ?? '', state: query.get('state') ?? '' });
    const parameters = oauth.validateAuthResponse(this.#server, this.#client, known, state);
    return this.#request(
      'exchange',
      (options) =>
        oauth.authorizationCodeGrantRequest(
          this.#server,
          this.#client,
          this.#authentication,
          parameters,
          this.settings.redirectUri,
          codeVerifier.reveal(),
          options,
        ),
      (response) => parseTokenResponse(response, 'token', this.onOddity),
    );
  }

  /**
   * Redeems a refresh token. Zoom rotates it: once the request has been sent, the token may be spent, whatever happens.
   * @throws TokenRequestError
   * @see RFC 6749 §6
   */
  async refreshAccessToken(refreshToken: Secret): Promise<TokenResponse> {
    return this.#request(
      'refresh',
      (options) =>
        oauth.refreshTokenGrantRequest(
          this.#server,
          this.#client,
          this.#authentication,
          refreshToken.reveal(),
          options,
        ),
      (response) => parseTokenResponse(response, 'token', this.onOddity),
    );
  }

  /**
   * Revokes an access token; Zoom documents no other kind. An unknown token counts as revoked (RFC 7009 §2.2). An
   * answer of success whose body says otherwise is a failure.
   * @throws TokenRequestError
   * @see RFC 7009 §2
   */
  async revokeToken(accessToken: Secret): Promise<void> {
    return this.#request(
      'revoke',
      (options) =>
        oauth.revocationRequest(
          this.#server,
          this.#client,
          this.#authentication,
          accessToken.reveal(),
          options,
        ),
      async (response) => {
        const failure = revocationFailure(await readAnswer(response));
        if (failure) throw failure;
      },
    );
  }

  /** Sends one request, reads its answer, and reports how both ended. @throws TokenRequestError */
  #request<T>(
    operation: TokenOperation,
    send: (options: oauth.HttpRequestOptions<'POST', URLSearchParams>) => Promise<Response>,
    read: (response: Response) => Promise<T>,
  ): Promise<T> {
    const { baseUrl, timeoutMs } = this.settings;
    const transport = { baseUrl, timeoutMs, fetch: this.fetch };
    return reportTokenRequest(
      operation,
      async () => read(await sendRequest(transport, send)),
      this.onRequest,
    );
  }
}

import { importPKCS8, SignJWT } from 'jose';
import * as oauth from 'oauth4webapi';
import { type Clock } from '../../lib/clock.js';
import { type Fetch } from '../../lib/http-client.js';
import { type Secret } from '../../lib/secret.js';
import { sendRequest } from '../../oauth/send-request.js';
import { TokenRequestError } from '../../oauth/token-request-error.js';
import { parseTokenResponse, type TokenResponse } from '../../oauth/token-response.js';
import { GoogleRequestError } from './google-request-error.js';

/** The key of a Google service account, and the user it acts for. */
export interface ServiceAccountSettings {
  clientEmail: string;
  /** PEM, PKCS #8. */
  privateKey: Secret;
  /** The Workspace user on whose behalf the account acts. */
  subject: string;
  tokenUrl: string;
  /** Timeout for the whole answer, ms. */
  timeoutMs: number;
}

const SCOPE = 'https://www.googleapis.com/auth/meetings.space.created';
const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const ASSERTION_LIFETIME_SECONDS = 300;
const MARGIN_MS = 5 * 60_000;

/** The assertion alone authenticates (RFC 7523 §2.1); Google takes no client id beside it. */
const byAssertion: oauth.ClientAuth = () => undefined;

/** The access token of a Google service account that acts for one user of its Workspace. */
export class ServiceAccount {
  #token: { value: Secret; expiresAt: Date } | undefined;
  #request: Promise<Secret> | undefined;

  constructor(
    private readonly settings: ServiceAccountSettings,
    private readonly fetch: Fetch,
    private readonly clock: Clock,
  ) {}

  /**
   * A token with more than five minutes left. It is kept in memory, and only one request for it is under way at a time.
   * @throws GoogleRequestError
   */
  async getAccessToken(): Promise<Secret> {
    const token = this.#token;
    if (token && token.expiresAt.getTime() - this.clock().getTime() > MARGIN_MS) return token.value;
    this.#request ??= this.#requestToken().finally(() => (this.#request = undefined));
    return this.#request;
  }

  /** Forgets the token, because Google has refused it. */
  forget(): void {
    this.#token = undefined;
  }

  async #requestToken(): Promise<Secret> {
    const sentAt = this.clock();
    const { accessToken, expiresInSeconds } = await this.#send(sentAt);
    this.#token = { value: accessToken, expiresAt: new Date(sentAt.getTime() + expiresInSeconds * 1000) };
    return accessToken;
  }

  /** @see RFC 7523 §2.1 */
  async #send(sentAt: Date): Promise<TokenResponse> {
    const { clientEmail, tokenUrl, timeoutMs } = this.settings;
    const server = { issuer: tokenUrl, token_endpoint: tokenUrl };
    const client = { client_id: clientEmail };
    const parameters = { assertion: await this.#assertion(sentAt) };
    try {
      const response = await sendRequest({ baseUrl: tokenUrl, timeoutMs, fetch: this.fetch }, (options) =>
        oauth.genericTokenEndpointRequest(server, client, byAssertion, JWT_BEARER, parameters, options),
      );
      return await parseTokenResponse(response, 'Google token', undefined);
    } catch (error) {
      throw error instanceof TokenRequestError ? toGoogleRequestError(error) : error;
    }
  }

  async #assertion(now: Date): Promise<string> {
    const { clientEmail, privateKey, subject, tokenUrl } = this.settings;
    const issuedAt = Math.floor(now.getTime() / 1000);
    return new SignJWT({ scope: SCOPE })
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT' })
      .setIssuer(clientEmail)
      .setSubject(subject)
      .setAudience(tokenUrl)
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + ASSERTION_LIFETIME_SECONDS)
      .sign(await importPKCS8(privateKey.reveal(), 'RS256'));
  }
}

/** Without a token Google has done nothing. */
function toGoogleRequestError(error: TokenRequestError): GoogleRequestError {
  const { failure } = error;
  return new GoogleRequestError('status' in failure ? failure.status : undefined, true, error);
}

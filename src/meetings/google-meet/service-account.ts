import { importPKCS8, SignJWT } from 'jose';
import { type Clock } from '../../lib/clock.js';
import { type Fetch } from '../../lib/http-client.js';
import { Secret } from '../../lib/secret.js';
import { type GoogleMeetSettings } from './google-meet.js';
import { GoogleRequestError } from './google-request-error.js';

const SCOPE = 'https://www.googleapis.com/auth/meetings.space.created';
const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const ASSERTION_LIFETIME_SECONDS = 300;
const MARGIN_MS = 5 * 60_000;
const DEFAULT_LIFETIME_SECONDS = 3600;

/** The access token of a Google service account that acts for one user of its Workspace. */
export class ServiceAccount {
  #token: { value: Secret; expiresAt: Date } | undefined;
  #flight: Promise<Secret> | undefined;

  constructor(
    private readonly settings: GoogleMeetSettings,
    private readonly fetch: Fetch,
    private readonly clock: Clock,
  ) {}

  /**
   * A token with more than five minutes left; one request at a time. Kept in memory: Google issues as many as asked.
   * @throws GoogleRequestError
   */
  getAccessToken(): Promise<Secret> {
    const { value, expiresAt } = this.#token ?? {};
    if (value && expiresAt && expiresAt.getTime() - this.clock().getTime() > MARGIN_MS)
      return Promise.resolve(value);
    this.#flight ??= this.#request().finally(() => (this.#flight = undefined));
    return this.#flight;
  }

  /** Forgets the token that Google has refused. */
  forget(): void {
    this.#token = undefined;
  }

  /** @see RFC 7523 §2.1 */
  async #request(): Promise<Secret> {
    const { tokenUrl, timeoutMs } = this.settings;
    const sentAt = this.clock();
    const body = new URLSearchParams({ grant_type: JWT_BEARER, assertion: await this.#assertion(sentAt) });
    const response = await this.fetch(tokenUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
      body: body.toString(),
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    }).catch((cause: unknown) => {
      throw new GoogleRequestError(undefined, true, cause);
    });
    const answer = (await response.json().catch(() => undefined)) as Record<string, unknown> | undefined;
    const token = answer?.['access_token'];
    if (!response.ok || typeof token !== 'string') throw new GoogleRequestError(response.status, true);
    const seconds = answer?.['expires_in'];
    const lifetime = typeof seconds === 'number' ? seconds : DEFAULT_LIFETIME_SECONDS;
    this.#token = { value: new Secret(token), expiresAt: new Date(sentAt.getTime() + lifetime * 1000) };
    return this.#token.value;
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

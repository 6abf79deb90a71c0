import { z } from 'zod';
import { type Clock } from '../../lib/clock.js';
import { type Fetch, wasNeverSent } from '../../lib/http-client.js';
import { type Secret } from '../../lib/secret.js';
import { GoogleRequestError } from './google-request-error.js';
import { ServiceAccount, type ServiceAccountSettings } from './service-account.js';

/** The service account, and the base URL of Google's Meet API. */
export interface GoogleMeetSettings extends ServiceAccountSettings {
  apiUrl: string;
}

/** A meeting space at Google. It has no topic, no time and no passcode. */
export interface MeetSpace {
  id: string;
  joinUrl: string;
}

const spaceSchema = z.object({
  name: z.string().regex(/^spaces\/[\w-]+$/),
  meetingUri: z.url({ protocol: /^https$/ }),
});

/** Creates Google Meet spaces. @see https://developers.google.com/workspace/meet/api/reference/rest/v2/spaces/create */
export class GoogleMeet {
  readonly #account: ServiceAccount;

  constructor(
    private readonly settings: GoogleMeetSettings,
    private readonly fetch: Fetch,
    clock: Clock,
  ) {
    this.#account = new ServiceAccount(settings, fetch, clock);
  }

  /** Creates a space. Retries only if Google refused the token, and so did nothing. @throws GoogleRequestError */
  async createSpace(): Promise<MeetSpace> {
    let response = await this.#post(await this.#account.getAccessToken());
    if (response.status === 401) {
      this.#account.forget();
      response = await this.#post(await this.#account.getAccessToken());
    }
    if (!response.ok) throw new GoogleRequestError(response.status, response.status < 500);
    const space = spaceSchema.safeParse(await response.json().catch(() => undefined));
    // A success that cannot be read: a space may have been created.
    if (!space.success) throw new GoogleRequestError(502, false);
    return { id: space.data.name.slice('spaces/'.length), joinUrl: space.data.meetingUri };
  }

  #post(accessToken: Secret): Promise<Response> {
    const { apiUrl, timeoutMs } = this.settings;
    return this.fetch(`${apiUrl}/v2/spaces`, {
      method: 'POST',
      headers: { authorization: `Bearer ${accessToken.reveal()}`, 'content-type': 'application/json' },
      body: '{}',
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    }).catch((cause: unknown) => {
      throw new GoogleRequestError(undefined, wasNeverSent(cause), cause);
    });
  }
}

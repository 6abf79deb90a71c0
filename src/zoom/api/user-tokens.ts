import { type Initiator } from '../../audit/audit-log.js';
import { type Grant } from '../../grants/grant.js';
import { type AccessToken } from '../../grants/refresh/access-token.js';
import { type AccessTokens } from '../../grants/refresh/access-tokens.js';
import { type TokenSource, type ZoomToken } from './zoom-access.js';

/** The user a request is about, and on whose initiative it is made. */
export interface ZoomUser {
  userId: string;
  initiator: Initiator;
  /** Reads the user's grant: once for everybody who asks during one request. */
  grants: { load(userId: string): Promise<Grant | undefined> };
}

/** The access tokens of one user during one request: any number of calls cost one read and one decryption. */
export class UserTokens implements TokenSource {
  #first: Promise<AccessToken> | undefined;
  #used: Grant | undefined;

  constructor(
    private readonly tokens: AccessTokens,
    private readonly user: ZoomUser,
  ) {}

  /** The same token for all calls; after Zoom has refused one, the stored one or a refreshed one. */
  async get(rejectedVersion?: number): Promise<ZoomToken> {
    const { value, version, grant } = await (rejectedVersion === undefined
      ? (this.#first ??= this.#read())
      : this.tokens.get(this.user.userId, { initiator: this.user.initiator, rejectedVersion }));
    this.#used = grant;
    const { zoomApiUrl: apiUrl, zoomAccountId: accountId, grantedScopes: scopes } = grant;
    return { value, version, apiUrl, accountId, scopes };
  }

  noteUse(): void {
    if (this.#used) this.tokens.noteUse(this.#used);
  }

  async #read(): Promise<AccessToken> {
    const { userId, initiator, grants } = this.user;
    const grant = await grants.load(userId);
    return this.tokens.get(userId, { initiator, ...(grant && { grant }) });
  }
}

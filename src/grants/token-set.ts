import { type TokenResponse } from '../oauth/token-response.js';
import { type Sealed, type TokenCipher } from './token-cipher.js';
import { accessTokenExpiry } from './refresh-policy.js';

/** The tokens of one answer of Zoom, sealed and ready to be stored. */
export interface SealedTokenSet {
  accessToken: Sealed;
  accessTokenExpiry: Date;
  /** Absent: the old one stays valid (RFC 6749 §6). */
  refreshToken?: Sealed;
  grantedScopes?: string[];
  zoomApiUrl?: string | undefined;
}

/** A token response as it is stored: both tokens sealed for `userId`, the expiry counted from `sentAt`. */
export async function sealTokenResponse(
  cipher: TokenCipher,
  userId: string,
  { accessToken, refreshToken, expiresInSeconds, scopes, apiUrl }: TokenResponse,
  sentAt: Date,
): Promise<SealedTokenSet> {
  return {
    accessToken: await cipher.seal(accessToken, { userId, field: 'zoomAccessToken' }),
    accessTokenExpiry: accessTokenExpiry(sentAt, expiresInSeconds),
    ...(refreshToken && {
      refreshToken: await cipher.seal(refreshToken, { userId, field: 'zoomRefreshToken' }),
    }),
    ...(scopes.length > 0 && { grantedScopes: scopes }),
    ...(apiUrl && { zoomApiUrl: apiUrl }),
  };
}

import { type TokenResponse } from '../oauth/token-response.js';
import { type RotatedTokens } from './store/refresh-lease.js';
import { type TokenCipher } from './token-cipher.js';
import { accessTokenExpiry } from './refresh-policy.js';

/** A token response as it is stored: both tokens sealed for `userId`, the expiry counted from `sentAt`. */
export async function sealTokenResponse(
  cipher: TokenCipher,
  userId: string,
  { accessToken, refreshToken, expiresInSeconds, scopes, apiUrl }: TokenResponse,
  sentAt: Date,
): Promise<RotatedTokens> {
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

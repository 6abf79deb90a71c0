// JavaScript, because TypeScript must not read the types of @auth/core: by way of preact they add the types of a browser
// to the whole program, and these contradict the ones of Node.
import { Auth, customFetch, raw, skipCSRFCheck } from '@auth/core';
import Zoom from '@auth/core/providers/zoom';

const ZOOM = /^https:\/\/(api\.)?zoom\.us/;

/** Creates Auth.js with its provider for Zoom. The provider stays as it is; only Zoom's origins are replaced. */
export function createAuthJs({ url, clientId, clientSecret, redirectUri, jwt, onError }) {
  const toUrl = (address) => String(address).replace(ZOOM, url);
  const config = {
    raw,
    skipCSRFCheck,
    secret: 'a secret of the frontend, 32 bytes or more',
    trustHost: true,
    basePath: new URL(redirectUri).pathname.replace('/callback/zoom', ''),
    providers: [
      Zoom({ clientId, clientSecret, [customFetch]: (address, init) => fetch(toUrl(address), init) }),
    ],
    logger: { error: onError, warn: () => undefined, debug: () => undefined },
    callbacks: { jwt },
  };
  return async (request) => {
    const { redirect, cookies } = await Auth(request, config);
    return { redirect: redirect && toUrl(redirect), cookies: cookies ?? [] };
  };
}

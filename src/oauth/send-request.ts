import * as oauth from 'oauth4webapi';
import { type Fetch } from '../lib/http-client.js';
import { networkError } from './token-request-error.js';

/** How requests reach the authorization server. */
export interface Transport {
  /** Base URL of the authorization server, e.g. `https://zoom.us`; http only for loopback. */
  baseUrl: string;
  /** Timeout for the whole answer, ms. */
  timeoutMs: number;
  fetch: Fetch;
}

/** Sends one request of oauth4webapi, once. @throws TokenRequestError of kind `network_error` */
export async function sendRequest(
  { baseUrl, timeoutMs, fetch }: Transport,
  request: (options: oauth.HttpRequestOptions<'POST', URLSearchParams>) => Promise<Response>,
): Promise<Response> {
  try {
    return await request({
      [oauth.customFetch]: (url, init) => fetch(url, init),
      // eslint-disable-next-line @typescript-eslint/no-deprecated -- the configuration admits http for loopback only
      [oauth.allowInsecureRequests]: baseUrl.startsWith('http:'),
      signal: () => AbortSignal.timeout(timeoutMs),
    });
  } catch (error) {
    throw networkError(error);
  }
}

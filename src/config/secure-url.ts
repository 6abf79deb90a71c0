import { z } from 'zod';
import { type CALLBACK_PATH } from '../http/callback-route.js';
import { entriesOf } from './plain-values.js';

const LOOPBACK_HOSTS = new Set(['localhost', '127.0.0.1', '[::1]']);
/** The compiler compares it with the path of the route. */
const REDIRECT_PATH: typeof CALLBACK_PATH = '/api/zoom/oauth/user-callback';

/** Whether a URL is https. */
export function isHttps(url: string): boolean {
  return URL.canParse(url) && new URL(url).protocol === 'https:';
}

/** Whether a URL is https, or http to this machine. */
export function isSecure(url: string): boolean {
  if (isHttps(url)) return true;
  return URL.canParse(url) && new URL(url).protocol === 'http:' && LOOPBACK_HOSTS.has(new URL(url).hostname);
}

/** Node refuses to send such a request, and names the URL in its message; browsers would be shown the password. */
function hasCredentials(url: string): boolean {
  return URL.canParse(url) && Boolean(new URL(url).username || new URL(url).password);
}

const hasFragment = (url: string) => url.includes('#');
const hasQuery = (url: string) => url.includes('?');

/** A configured URL: https, or http to this machine; without a user or a password. */
export const secureUrl = z
  .string()
  .trim()
  .refine(isSecure, 'must be an https URL (http only for loopback)')
  .refine((url) => !hasCredentials(url), 'must not hold a user or a password');

/** A URL that this server sends requests to. */
export const endpointUrl = secureUrl.refine((url) => !hasFragment(url), 'must not have a fragment');

/** A configured URL that paths are appended to: without slashes at its end. */
export const baseUrl = endpointUrl
  .refine((url) => !hasQuery(url), 'must not have a query')
  .transform((url) => url.replace(/\/+$/, ''));

/** This server's callback, as registered at Zoom. RFC 6749 §3.1.2: without a fragment. */
export const redirectUrl = secureUrl.refine(
  (url) =>
    !URL.canParse(url) || (new URL(url).pathname === REDIRECT_PATH && !hasQuery(url) && !hasFragment(url)),
  `must end in ${REDIRECT_PATH}, the path of this server's callback, without a prefix, query or fragment`,
);

function isOrigin(origin: string): boolean {
  if (!URL.canParse(origin)) return false;
  const url = new URL(origin);
  return url.origin === origin && ['http:', 'https:'].includes(url.protocol);
}

/** Origins of frontends, comma separated. */
export const corsOrigins = z
  .string()
  .default('')
  .transform(entriesOf)
  .refine(
    (origins) => origins.every(isOrigin),
    'must be origins such as https://app.example.com, comma separated, without a path or a trailing slash',
  );

/** An outgoing proxy. It may hold a user and a password: no message quotes it. */
export const proxyUrl = z
  .string()
  .trim()
  .refine(
    (url) => URL.canParse(url) && ['http:', 'https:'].includes(new URL(url).protocol) && !hasFragment(url),
    'must be the http or https URL of a proxy',
  );

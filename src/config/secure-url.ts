import { z } from 'zod';

const LOOPBACK_HOSTS = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Whether a URL is https. */
export function isHttps(url: string): boolean {
  return URL.canParse(url) && new URL(url).protocol === 'https:';
}

function isLoopbackHttp(url: string): boolean {
  return URL.canParse(url) && new URL(url).protocol === 'http:' && LOOPBACK_HOSTS.has(new URL(url).hostname);
}

/** A configured URL: https, or http to this machine. */
export const secureUrl = z
  .string()
  .refine((url) => isHttps(url) || isLoopbackHttp(url), 'must be an https URL (http only for loopback)');

/** A configured URL that paths are appended to: without slashes at its end. */
export const baseUrl = secureUrl.transform((url) => url.replace(/\/+$/, ''));

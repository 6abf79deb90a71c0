import { type PreparedAnswer } from '../prepared-answer.js';

/** An answer that Zoom documents, or that somebody reported, with the requests that get it. */
export interface NamedAnswer extends PreparedAnswer {
  /** What happened at Zoom, in one line. */
  about: string;
  /** A section of docs/zoom-protocol.md, a public report, or `variant`: a form close to those, which nobody saw. */
  source: string;
  target: 'refresh' | 'exchange' | 'token' | 'revoke' | 'api';
  /** Only requests with this method get it. Default: all. */
  method?: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Only requests whose path starts with this prefix get it. Default: all. */
  path?: string;
}

/** Named answers by name. */
export type NamedAnswers = Readonly<Record<string, NamedAnswer>>;

export const HTML = 'text/html; charset=utf-8';
export const XML = 'application/xml; charset=utf-8';

/** An error in the shape of the REST API: `{code, message}`. */
export function apiError(
  status: number,
  code: number | string | undefined,
  message: string,
  about: string,
  source: string,
): NamedAnswer {
  return { target: 'api', status, body: { code, message }, about, source };
}

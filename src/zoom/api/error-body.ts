import { isHtml, parseJson, xmlElement } from '../../lib/foreign-text.js';

/** What the body of a refusal says. Zoom's own text is for deciding only: it may name people and never leaves. */
export interface ErrorBody {
  /** Zoom's code, which says more than the HTTP status. */
  code: number | undefined;
  message: string;
  /** `error` of a body in the form of OAuth (RFC 6750 §3.1). */
  oauthError: string | undefined;
  /** The fields of the request that Zoom does not accept, in Zoom's spelling. */
  fields: string[];
}

/** A longer body is a page, and holds no error that could be read. */
const MAX_LENGTH = 64 * 1024;
const CODE = /^\d{1,9}$/;
/** Zoom's codes have three digits or more, so that they mean an error also without a message. */
const LEAST_CODE = 100;

/**
 * Reads the body of a refusal in each form that Zoom has been seen to send (docs/zoom-protocol.md §5.6): JSON with a
 * code as number or as text, or with none; the form of OAuth; XML. Undefined if it is none of these.
 */
export function readErrorBody(text: string): ErrorBody | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  return text.trimStart().startsWith('<') ? readXml(text) : readJson(parseJson(text));
}

/**
 * The error that an answer with a status of success holds instead of what was asked for, such as
 * `{"code":200,"message":"No permission."}`. Undefined for every other answer.
 */
export function errorInSuccess(text: string): ErrorBody | undefined {
  const error = readErrorBody(text);
  const { code, message = '', oauthError } = error ?? {};
  // Zoom's objects and lists hold none of these, and code 0 is how many APIs spell success.
  const isError = oauthError !== undefined || (code !== undefined && (message !== '' || code >= LEAST_CODE));
  return isError && code !== 0 && !hasContent(parseJson(text)) ? error : undefined;
}

function hasContent(body: unknown): boolean {
  return isObject(body) && ['id', 'uuid', 'meetings', 'recording_files'].some((name) => name in body);
}

function readJson(body: unknown): ErrorBody | undefined {
  if (!isObject(body)) return undefined;
  if (isObject(body['error'])) return readJson(body['error']);
  return {
    code: codeOf(body['code'] ?? body['errorCode']),
    message: firstText(body['message'], body['errorMessage'], body['reason'], body['error_description']),
    oauthError: firstText(body['error']) || undefined,
    fields: fieldsOf(body['errors']),
  };
}

function readXml(text: string): ErrorBody | undefined {
  if (isHtml(text)) return undefined;
  return {
    code: codeOf(xmlElement(text, 'code')),
    message: firstText(xmlElement(text, 'message'), xmlElement(text, 'reason')),
    oauthError: firstText(xmlElement(text, 'error')) || undefined,
    fields: [],
  };
}

function codeOf(value: unknown): number | undefined {
  const text = typeof value === 'number' || typeof value === 'string' ? String(value).trim() : '';
  return CODE.test(text) ? Number(text) : undefined;
}

function firstText(...values: unknown[]): string {
  return values.find((value): value is string => typeof value === 'string') ?? '';
}

function fieldsOf(errors: unknown): string[] {
  if (!Array.isArray(errors)) return [];
  return errors.flatMap((error: unknown) =>
    isObject(error) && typeof error['field'] === 'string' ? [error['field']] : [],
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

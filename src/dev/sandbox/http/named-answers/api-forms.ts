import { apiError, HTML, type NamedAnswers, XML } from './named-answer.js';

const xmlError = (code: number, message: string) =>
  `<?xml version="1.0" encoding="UTF-8"?><result><code>${code}</code><message>${message}</message></result>`;
const NEW_DAILY = 'A maximum of 100 meetings can be created/updated for a single user in one day.';
const OLD_DAILY =
  'You have exceeded the daily rate limit (100) of Meeting Create/Update API requests permitted for this ' +
  'particular user. You may resume these requests at GMT 00:00:00.';
const PER_SECOND = 'You have reached the maximum per-second rate limit for this API. Try again later.';
const PER_DAY =
  'You have reached the maximum daily rate limit for this API. Refer to the response header for details on when ' +
  'you can make another request.';

/** A token problem or a refusal in each of its forms: JSON with and without a code, OAuth, XML, HTML, nothing. */
const FORMS: NamedAnswers = {
  bad_token: apiError(401, 124, 'Invalid access token.', 'a bad token', '§5.6'),
  expired_token: apiError(401, 124, 'Access token is expired.', 'an expired token', '§5.6'),
  token_required: apiError(401, 124, 'Requires an access token.', 'the fourth text of 124', '§5.6'),
  bad_token_400: apiError(400, 124, 'Access token is expired.', 'the same with 400', '§5.6'),
  bad_token_text_code: apiError(401, '124', 'Invalid access token.', 'the code is text', '§5.6'),
  token_empty: apiError(401, 4700, 'Token cannot be empty.', '4700 without scopes', '§5.6'),
  token_or_scopes: apiError(
    401,
    4700,
    'Access token is invalid, expired, or missing required scopes.',
    'the general text of 4700',
    '§5.6',
  ),
  unauthorized: apiError(401, undefined, 'Unauthorized', '401 without a code', '§5.6'),
  unauthorized_oauth: {
    target: 'api',
    status: 401,
    headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
    body: { error: 'invalid_token', error_description: 'The access token expired' },
    about: '401 in the shape of OAuth',
    source: 'RFC 6750 §3',
  },
  unauthorized_xml: {
    target: 'api',
    status: 401,
    contentType: XML,
    body: xmlError(124, 'Invalid access token.'),
    about: '401 as XML',
    source: 'calcom/cal.diy #4793',
  },
  unauthorized_html: {
    target: 'api',
    status: 401,
    contentType: HTML,
    body: '<html><body><h1>401 Unauthorized</h1></body></html>',
    about: '401 of a proxy',
    source: 'variant',
  },
  unauthorized_empty: { target: 'api', status: 401, about: '401 without a body', source: 'variant' },
  shared_access_refused: apiError(
    403,
    undefined,
    'The authenticated user has not permitted access to the targeted resource.',
    'no shared access',
    '§5.6',
  ),
  conflict: apiError(409, undefined, 'Conflict.', '409 without a code', '§5.6'),
  refusal_text_code: apiError(400, '3000', 'Cannot access meeting information.', 'the code is text', '§5.6'),
  invalid_xml: {
    target: 'api',
    status: 400,
    contentType: XML,
    body: xmlError(300, 'Validation Failed.'),
    about: 'a refusal as XML',
    source: 'zoom-laravel #12',
  },
  invalid_empty: { target: 'api', status: 400, about: '400 without a body', source: 'variant' },
  refused_under_200: {
    ...apiError(200, 200, 'No permission.', 'an error body under 200', 'Pipedream PR 20194'),
  },
  refused_under_200_recordings: {
    ...apiError(200, 200, 'You do not have the right permissions.', 'the same for recordings', '§5.6'),
    method: 'GET',
  },
};

/** Limits in each wording and status. */
const LIMITS: NamedAnswers = {
  limit_per_second: apiError(429, 429, PER_SECOND, 'the limit per second', '§5.8'),
  limit_per_second_4001: apiError(429, 4001, PER_SECOND, 'the same with code 4001', '§5.8'),
  limit_per_day: {
    ...apiError(429, 429, PER_DAY, 'the limit per day of an account', '§5.8'),
    headers: { 'x-ratelimit-type': 'Daily-limit' },
  },
  limit_of_writes: apiError(429, 429, OLD_DAILY, '100 creations and changes a day', '§5.4'),
  limit_of_writes_400: apiError(400, 300, OLD_DAILY, 'the same with 400', 'variant'),
  limit_of_writes_new: apiError(429, 429, NEW_DAILY, 'the other wording', 'keybase/managed-bots PR 202'),
  limit_of_writes_new_400: apiError(400, 300, NEW_DAILY, 'the same with 400', '§5.4'),
  limit_concurrent: apiError(
    429,
    429,
    'Too many concurrent requests. A request to disassociate this user has already been made.',
    'concurrent requests',
    '§5.8',
  ),
  limit_retry_after_zero: {
    ...apiError(429, 429, PER_SECOND, 'Retry-After: 0', 'variant'),
    headers: { 'retry-after': '0' },
  },
};

/** Bodies that cannot be used: empty, not JSON, another kind of JSON. */
const UNUSABLE: NamedAnswers = {
  empty_200: { target: 'api', status: 200, work: 'done', body: '', about: 'no body', source: 'variant' },
  empty_204: { target: 'api', status: 204, work: 'done', about: 'no content', source: 'variant' },
  html_200: {
    target: 'api',
    status: 200,
    contentType: HTML,
    body: '<!doctype html><title>Maintenance</title>',
    about: 'a page in place of JSON',
    source: '§9',
  },
  cut_json_200: {
    target: 'api',
    status: 200,
    contentType: 'application/json',
    body: '{"id":8600000',
    about: 'JSON that ends early',
    source: 'variant',
  },
  null_200: { target: 'api', status: 200, body: null, about: 'the JSON value null', source: 'variant' },
  list_200: { target: 'api', status: 200, body: [], about: 'a list for an object', source: 'variant' },
  bad_gateway: {
    target: 'api',
    status: 502,
    contentType: HTML,
    body: '<html><body><h1>502 Bad Gateway</h1></body></html>',
    about: 'an outage',
    source: '§9',
  },
};

export const API_FORMS: NamedAnswers = { ...FORMS, ...LIMITS, ...UNUSABLE };

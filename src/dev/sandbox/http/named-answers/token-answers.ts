import { HTML, type NamedAnswer, type NamedAnswers, XML } from './named-answer.js';

type Target = 'refresh' | 'exchange' | 'token' | 'revoke';

function refusal(target: Target, status: number, body: unknown, about: string, source: string): NamedAnswer {
  return { target, status, body, about, source };
}

const oauthError = (error: string | undefined, reason?: string) => ({ reason, error });

/** Refusals with the numbers of Zoom's OAuth errors. The bodies around the numbers are not documented. */
const numbered = (code: number, message: string, about: string): NamedAnswers => ({
  [`refresh_${code}_error_code`]: refusal(
    'refresh',
    400,
    { errorCode: code, errorMessage: message },
    about,
    '§3',
  ),
  [`refresh_${code}_code`]: refusal('refresh', 400, { code, message }, `${about}, API shape`, '§3'),
  [`refresh_${code}_401`]: refusal('refresh', 401, { code, message }, `${about}, with 401`, '§3'),
});

const DEAD_REFRESH_TOKEN: NamedAnswers = {
  refresh_dead: refusal('refresh', 400, oauthError('invalid_grant', 'Invalid Token!'), 'a dead token', '§3'),
  refresh_dead_401: refusal(
    'refresh',
    401,
    oauthError('invalid_grant', 'Invalid Token!'),
    'the same with 401, until 2022',
    'remote-office-hours-queue #363',
  ),
  refresh_dead_no_reason: refusal(
    'refresh',
    400,
    oauthError('invalid_grant'),
    'a dead token, no text',
    'raycast/extensions #10525',
  ),
  refresh_dead_invalid_request: refusal(
    'refresh',
    400,
    oauthError('invalid_request', 'Invalid Token!'),
    'a dead token, older form',
    '§3',
  ),
  refresh_bare_reason: refusal(
    'refresh',
    400,
    { reason: 'Invalid Token!' },
    'a dead token, reason alone',
    '§3',
  ),
  refresh_bare_reason_401: refusal('refresh', 401, { reason: 'Invalid Token!' }, 'the same with 401', '§3'),
  refresh_new_wording: refusal(
    'refresh',
    400,
    oauthError('invalid_request', 'Token is invalid'),
    'a dead token, new wording',
    'Jericho/ZoomNet #429',
  ),
  refresh_api_shape: refusal(
    'refresh',
    401,
    { code: 124, message: 'Invalid access token.' },
    'a dead token, API shape',
    'variant',
  ),
  refresh_xml: {
    ...refusal('refresh', 400, '', 'a dead token, as XML', 'variant'),
    contentType: XML,
    body: '<?xml version="1.0" encoding="UTF-8"?><OAuth2Exception><error>invalid_grant</error></OAuth2Exception>',
  },
  ...numbered(4735, 'The owner of the token does not exist.', 'the user was deleted'),
  ...numbered(4738, 'The token is disabled by admin.', 'an administrator disabled the token'),
  ...numbered(4741, 'The token has been revoked.', 'the user authorized the app again'),
  ...numbered(4711, 'The token scopes do not match with the client scopes.', 'the scopes of the app changed'),
};

const CONFIGURATION: NamedAnswers = {
  invalid_client: refusal(
    'token',
    400,
    oauthError('invalid_client', 'Invalid client_id or client_secret'),
    'a wrong client secret',
    '§3',
  ),
  invalid_client_401: refusal(
    'token',
    401,
    oauthError('invalid_client', 'Invalid client_id or client_secret'),
    'the same with 401',
    '§3',
  ),
  unauthorized_client: refusal(
    'token',
    400,
    oauthError('unauthorized_client', 'The app is not allowed to do this.'),
    'the app may not do this',
    'RFC 6749 §5.2',
  ),
  client_disabled: refusal(
    'token',
    400,
    { errorCode: 4717, errorMessage: 'The app has been disabled.' },
    'the app is disabled',
    '§3',
  ),
  redirect_mismatch: refusal(
    'exchange',
    400,
    oauthError('invalid_request', 'Redirect URI mismatch.'),
    'another redirect URI',
    '§3',
  ),
  redirect_mismatch_4709: refusal(
    'exchange',
    400,
    { code: 4709, message: 'Redirect URI mismatch.' },
    'the same by number',
    '§3',
  ),
};

const CODES_AND_OUTAGES: NamedAnswers = {
  code_invalid: refusal(
    'exchange',
    400,
    oauthError('invalid_grant', 'Invalid authorization code'),
    'a used or expired code',
    '§3',
  ),
  code_invalid_old: refusal(
    'exchange',
    400,
    oauthError('invalid_request', 'Invalid authorization code abcDEF_123'),
    'a used or expired code, older form',
    '§3',
  ),
  token_limited: refusal('token', 429, { message: 'Too many requests' }, 'too many requests', '§3'),
  token_500_invalid_grant: refusal(
    'refresh',
    500,
    oauthError('invalid_grant', 'Invalid Token!'),
    'an outage that looks like a refusal',
    'raycast/extensions #10896',
  ),
  token_html: {
    ...refusal('token', 502, '<html><body>502 Bad Gateway</body></html>', 'an outage', '§3'),
    contentType: HTML,
  },
};

const REVOCATIONS: NamedAnswers = {
  revoke_fail: refusal('revoke', 200, { status: 'fail' }, 'a failure under 200', 'variant'),
  revoke_empty: { ...refusal('revoke', 200, '', '200 without a body', 'variant'), work: 'done' },
  revoke_204: { target: 'revoke', status: 204, work: 'done', about: 'no content', source: 'variant' },
  revoke_invalid_token: refusal(
    'revoke',
    400,
    oauthError('invalid_request', 'Invalid Token!'),
    'an unknown token',
    'variant',
  ),
  revoke_401: refusal(
    'revoke',
    401,
    { code: 124, message: 'Invalid access token.' },
    'an unknown token, API shape',
    'variant',
  ),
  revoke_html: {
    ...refusal('revoke', 404, '<html><body>404 Not Found</body></html>', 'a page', 'variant'),
    contentType: HTML,
  },
};

export const TOKEN_ANSWERS: NamedAnswers = {
  ...DEAD_REFRESH_TOKEN,
  ...CONFIGURATION,
  ...CODES_AND_OUTAGES,
  ...REVOCATIONS,
};

import { apiError, type NamedAnswers } from './named-answer.js';

const OLD_SCOPES = 'Invalid access token, does not contain scopes:[meeting:write].';
const SCOPES =
  'Invalid access token, does not contain scopes:[meeting:write:meeting, meeting:write:meeting:admin].';

/** Refusals of the token, its scopes or its app. The numbers from 4717 on are those of Zoom's OAuth errors. */
export const API_ACCESS: NamedAnswers = {
  scope_missing_104: apiError(400, 104, SCOPES, 'a scope is missing, older form', '§5.6'),
  scope_missing_4700: apiError(400, 4700, OLD_SCOPES, 'a classic scope is missing', '§5.6'),
  scope_missing_4700_401: apiError(401, 4700, OLD_SCOPES, 'the same with 401', '§5.6'),
  scope_missing_4711: apiError(400, 4711, SCOPES, 'a scope is missing', '§5.6'),
  scope_missing_4711_401: apiError(401, 4711, SCOPES, 'the same with 401', '§5.6'),
  scope_missing_4711_403: apiError(403, 4711, SCOPES, 'the same with 403', '§5.6'),
  app_disabled: apiError(400, 4717, 'The app has been disabled.', 'the app is disabled', '§3'),
  app_disabled_401: apiError(401, 4717, 'The app has been disabled.', 'the same with 401', '§3'),
  owner_missing: apiError(400, 4735, 'The owner of the token does not exist.', 'the user was deleted', '§3'),
  owner_missing_401: apiError(401, 4735, 'The owner of the token does not exist.', 'the same with 401', '§3'),
  disabled_by_admin: apiError(
    400,
    4738,
    'The token is disabled by admin.',
    'an administrator disabled the token',
    '§3',
  ),
  disabled_by_admin_401: apiError(401, 4738, 'The token is disabled by admin.', 'the same with 401', '§3'),
  token_revoked: apiError(
    400,
    4741,
    'The token has been revoked.',
    'the user authorized the app again',
    '§3',
  ),
  token_revoked_401: apiError(401, 4741, 'The token has been revoked.', 'the same with 401', '§3'),
};

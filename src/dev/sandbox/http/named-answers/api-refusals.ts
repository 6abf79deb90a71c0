import { apiError, type NamedAnswers } from './named-answer.js';

const invalidField = (field: string, source = '§5.6') => ({
  ...apiError(400, 300, '', `the value of ${field} is refused`, source),
  body: { code: 300, message: 'Validation Failed.', errors: [{ field, message: 'Invalid field.' }] },
});
const deleting = { method: 'DELETE', path: '/v2/meetings/' } as const;
const creating = { method: 'POST', path: '/v2/users/' } as const;
const changing = { method: 'PATCH', path: '/v2/meetings/' } as const;
const listing = { method: 'GET', path: '/v2/users/' } as const;

/** What Zoom refuses for good, with a code of its own, whatever the token is. */
export const API_REFUSALS: NamedAnswers = {
  user_not_on_account: apiError(
    400,
    1010,
    'User does not belong to this account.',
    'the user left the account',
    'moodle-mod_zoom #64',
  ),
  invitation_expired: apiError(
    400,
    1120,
    'A invitation link is expired.',
    'the invitation has expired',
    '§5.6',
  ),
  user_missing: apiError(404, 1001, 'User does not exist: me.', 'the user does not exist', '§5.6'),
  user_missing_401: apiError(401, 1001, 'User does not exist: me.', 'the same with 401', 'variant'),
  user_blocked: {
    ...apiError(
      400,
      3000,
      'Users in these domains have been blocked.',
      'users of a domain are blocked',
      '§5.6',
    ),
    ...creating,
  },
  schedule_for_refused: {
    ...apiError(
      400,
      3000,
      'You cannot schedule a meeting for this user.',
      'the user may not schedule for that person',
      '§5.6',
    ),
    ...creating,
  },
  instant_schedule_for: {
    ...apiError(
      400,
      3000,
      'Instant meetings do not support the schedule_for parameter.',
      'an instant meeting cannot be for others',
      '§5.6',
    ),
    ...creating,
  },
  prescheduling_refused: {
    ...apiError(
      400,
      3000,
      'Prescheduling is only available for scheduled meetings.',
      'this type of meeting cannot be pre-scheduled',
      '§5.6',
    ),
    ...creating,
  },
  hosting_refused: apiError(
    400,
    3161,
    'Your user account is not allowed meeting hosting and scheduling capabilities.',
    'the user may not host',
    '§5.3',
  ),
  cannot_access_meeting: apiError(
    400,
    3000,
    'Cannot access meeting information.',
    'the meeting belongs to others',
    '§5.6',
  ),
  cannot_access_webinar: apiError(400, 3000, 'Cannot access webinar info.', 'the id is a webinar', '§5.6'),
  meeting_already_started: {
    ...apiError(
      400,
      3000,
      'You cannot update or delete meetings that have started.',
      'a meeting that has started cannot be changed',
      '§5.6',
    ),
    ...changing,
  },
  meeting_in_progress: {
    ...apiError(
      400,
      3002,
      'Sorry, you cannot delete this meeting since it is in progress.',
      'a meeting in progress cannot be deleted',
      'indico-plugins PR 97',
    ),
    ...deleting,
  },
  not_the_host: apiError(
    400,
    3003,
    'You are not the meeting host.',
    'the user is not the host',
    'indico-plugins PR 97',
  ),
  meeting_ended: {
    ...apiError(
      400,
      3007,
      'Sorry, you cannot delete this meeting since it has ended.',
      'a meeting that has ended cannot be deleted',
      '§5.6',
    ),
    ...deleting,
  },
  pmi_refused: {
    ...apiError(400, 3018, 'Not allowed to delete PMI.', 'a personal meeting cannot be deleted', '§5.6'),
    ...deleting,
  },
  pac_refused: {
    ...apiError(
      400,
      3037,
      'Not allowed to delete PAC.',
      'a personal audio conference cannot be deleted',
      '§5.6',
    ),
    ...deleting,
  },
  meeting_gone: apiError(404, 3001, 'Meeting does not exist: 86000000001.', 'the meeting is gone', '§5.6'),
  meeting_gone_400: apiError(400, 3001, 'Meeting does not exist.', 'the same with 400', 'zoom/api #33'),
  meeting_expired: apiError(
    404,
    3001,
    'Meeting 86000000001 is not found or has expired.',
    'the meeting expired',
    '§5.6',
  ),
  no_recording: apiError(
    404,
    3301,
    'There is no recording for this session.',
    'no recording, on a list too',
    '§5.5',
  ),
  viewing_refused: {
    ...apiError(
      403,
      2306,
      'Not allowed to view meetings scheduled for others.',
      'the user may not see what others schedule',
      '§5.6',
    ),
    ...listing,
  },
  paid_plan_needed: apiError(
    400,
    200,
    'Only available for paid account: SbxAccount0_w5Tq9rN2kA.',
    'the call needs a paid plan',
    '§5.6',
  ),
  forbidden: apiError(403, 403, 'Forbidden.', 'the code repeats the status', 'variant'),
  unknown_refusal: apiError(422, 9999, 'This cannot be done.', 'a code that nobody knows', 'variant'),
  invalid_password: { ...invalidField('password', 'moodle-mod_zoom #160'), ...creating },
  invalid_topic: invalidField('topic', 'moodle-mod_zoom #616'),
  invalid_setting: invalidField('settings.jbh_time'),
  invalid_without_fields: apiError(
    400,
    300,
    'Validation Failed.',
    'no field is named',
    'moodle-mod_zoom #424',
  ),
  page_token_expired: {
    ...apiError(
      400,
      300,
      'The next page token is either invalid or has expired.',
      'a page token has expired',
      '§5.3',
    ),
    ...listing,
  },
};

import { type NamedAnswer, type NamedAnswers } from './named-answer.js';

type Change = Pick<NamedAnswer, 'status' | 'contentType' | 'merge' | 'drop'>;

const oddToken = (about: string, change: Change, source = 'variant'): NamedAnswer => ({
  target: 'token',
  about: `good tokens; ${about}`,
  source,
  work: 'done',
  ...change,
});

/** Good tokens beside an odd member. RFC 6749 §5.1: whatever is not known is ignored. */
const TOKENS: NamedAnswers = {
  tokens_201: oddToken('status 201', { status: 201 }),
  tokens_as_text: oddToken('type text/plain', { contentType: 'text/plain' }),
  tokens_scope_null: oddToken('scope is null', { merge: { scope: null } }, 'calcom PR 5371'),
  tokens_scope_list: oddToken('scope is a list', { merge: { scope: ['user:read:user'] } }),
  tokens_scope_commas: oddToken('scopes with commas', {
    merge: { scope: 'user:read:user,meeting:read:list_meetings' },
  }),
  tokens_scope_lines: oddToken('scopes with line ends', {
    merge: { scope: 'user:read:user\nmeeting:read:list_meetings' },
  }),
  tokens_scope_missing: oddToken('no scope', { drop: ['scope'] }, 'RFC 6749 §5.1'),
  tokens_expires_null: oddToken('expires_in is null', { merge: { expires_in: null } }),
  tokens_expires_text: oddToken('expires_in is text', { merge: { expires_in: '3599' } }),
  tokens_expires_missing: oddToken('no expires_in', { drop: ['expires_in'] }, 'RFC 6749 §5.1'),
  tokens_type_missing: oddToken('no token_type', { drop: ['token_type'] }),
  tokens_type_other: oddToken('token_type is not Bearer', { merge: { token_type: 'JWT' } }),
  tokens_id_token: oddToken('with an id_token', { merge: { id_token: 'not.a.token' } }, 'oauth2-mock-server'),
  tokens_id_token_null: oddToken('id_token is null', { merge: { id_token: null } }),
  tokens_api_url_null: oddToken('api_url is null', { merge: { api_url: null } }),
  tokens_api_url_foreign: oddToken('api_url of a stranger', {
    merge: { api_url: 'https://zoom.us.example.com' },
  }),
  tokens_more_members: oddToken('unknown members', { merge: { token_index: 0, details: { a: [null] } } }),
};

const oddMeeting = (about: string, merge: Record<string, unknown>, source: string): NamedAnswer => ({
  target: 'api',
  method: 'POST',
  path: '/v2/users/',
  about: `the meeting exists; ${about}`,
  source,
  work: 'done',
  merge,
});
const oddRead = (about: string, path: string, change: Change, source: string): NamedAnswer => ({
  target: 'api',
  method: 'GET',
  path,
  about,
  source,
  work: 'done',
  ...change,
});

/** The effect has happened, or the answer is whole, but for odd members. */
const READS_AND_WRITES: NamedAnswers = {
  created_duration_text: oddMeeting('duration is text', { duration: '60' }, 'Jericho/ZoomNet #192'),
  created_settings_list: oddMeeting('settings is a list', { settings: [] }, 'pyzoom #19'),
  created_settings_text: oddMeeting('a switch is text', { settings: { waiting_room: 'true' } }, 'pyzoom #19'),
  created_password_number: oddMeeting('password is a number', { password: 123456 }, 'Jericho/ZoomNet #224'),
  created_occurrences_object: oddMeeting('occurrences is an object', { occurrences: {} }, 'variant'),
  created_type_text: oddMeeting('type is text', { type: '2' }, 'variant'),
  created_under_200: { ...oddMeeting('status 200', {}, 'variant'), status: 200 },
  list_odd_envelope: oddRead(
    'no page token, total as text',
    '/v2/users/me/',
    { merge: { next_page_token: null, total_records: '1' } },
    'Jericho/ZoomNet #228',
  ),
  list_null: oddRead('meetings is null', '/v2/users/me/', { merge: { meetings: null } }, 'variant'),
  list_odd_item: oddRead(
    'the first item is odd',
    '/v2/users/me/meetings',
    { merge: { meetings: { 0: { duration: '60', type: '2', topic: 5, start_time: '' } } } },
    'Jericho/ZoomNet #314',
  ),
  list_item_without_id: oddRead(
    'the first item has no id',
    '/v2/users/me/meetings',
    { merge: { meetings: { 0: { id: null } } } },
    'variant',
  ),
  recordings_odd_sizes: oddRead(
    'sizes as text',
    '/v2/users/me/recordings',
    { merge: { meetings: { '*': { total_size: '1', recording_files: { '*': { file_size: '386951' } } } } } },
    'Jericho/ZoomNet #324',
  ),
  profile_odd: oddRead(
    'id is a number, type is text',
    '/v2/users/me',
    { merge: { id: 1, type: '2' } },
    'variant',
  ),
  profile_without_id: oddRead('a profile without id', '/v2/users/me', { drop: ['id'] }, 'variant'),
  meeting_of_year_one: oddRead(
    'a meeting without a fixed time',
    '/v2/meetings/',
    { merge: { type: 3, start_time: '0001-01-01T00:00:00Z' } },
    'developer forum 7522',
  ),
  meeting_odd_after_change: oddRead(
    'a read-back with a duration as text',
    '/v2/meetings/',
    { merge: { duration: '60' } },
    'variant',
  ),
};

export const ODD_SUCCESSES: NamedAnswers = { ...TOKENS, ...READS_AND_WRITES };

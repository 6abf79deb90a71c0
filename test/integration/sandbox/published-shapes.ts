import { z } from 'zod';

/**
 * The shapes that Zoom publishes (docs/zoom-protocol.md §1.2, §3, §5.2, §5.6 and §7), written apart from both the sandbox and the
 * client. They know every member by name and type, and refuse others.
 */

const text = z.string();
const whole = z.int();
const zoomId = text.regex(/^[\w-]{22}$/);

/** The answer of the token endpoint to a code or a refresh token. */
export const tokenShape = z.strictObject({
  access_token: text.min(1),
  token_type: z.literal('bearer'),
  refresh_token: text.min(1),
  expires_in: z.union([z.literal(3599), z.literal(3600)]),
  scope: text,
  api_url: z.url().optional(),
});

export const oauthErrorShape = z.strictObject({ reason: text.optional(), error: text });

export const apiErrorShape = z.strictObject({
  code: whole,
  message: text.min(1),
  errors: z.array(z.strictObject({ field: text, message: text })).optional(),
});

export const userShape = z.strictObject({
  id: zoomId,
  first_name: text,
  last_name: text,
  display_name: text,
  email: z.email().optional(),
  type: z.union([z.literal(1), z.literal(2), z.literal(4), z.literal(99)]),
  role_name: text,
  role_id: text,
  pmi: whole,
  use_pmi: z.boolean(),
  personal_meeting_url: text,
  timezone: text.optional(),
  verified: z.union([z.literal(0), z.literal(1)]),
  dept: text,
  created_at: z.iso.datetime(),
  user_created_at: z.iso.datetime(),
  last_login_time: z.iso.datetime(),
  pic_url: text,
  cms_user_id: text,
  jid: text,
  group_ids: z.array(text),
  im_group_ids: z.array(text),
  account_id: zoomId,
  account_number: whole,
  language: text,
  phone_country: text,
  phone_number: text,
  status: z.enum(['pending', 'active', 'inactive']),
  company: text,
  job_title: text,
  cost_center: text,
  location: text,
  login_types: z.array(whole),
  cluster: text,
});

/** Only the parts of the settings that are about meetings and recordings. */
export const userSettingsShape = z.strictObject({
  schedule_meeting: z.strictObject({
    host_video: z.boolean(),
    participants_video: z.boolean(),
    audio_type: z.enum(['both', 'telephony', 'voip', 'thirdParty']),
    join_before_host: z.boolean(),
    jbh_time: z.union([z.literal(0), z.literal(5), z.literal(10), z.literal(15)]),
    use_pmi_for_scheduled_meetings: z.boolean(),
    use_pmi_for_instant_meetings: z.boolean(),
    require_password_for_scheduling_new_meetings: z.boolean(),
    require_password_for_instant_meetings: z.boolean(),
    require_password_for_pmi_meetings: z.enum(['jbh_only', 'all', 'none']),
    default_password_for_scheduled_meetings: text,
    embed_password_in_join_link: z.boolean(),
    meeting_password_requirement: z.strictObject({
      length: whole,
      have_letter: z.boolean(),
      have_number: z.boolean(),
      have_special_character: z.boolean(),
      only_allow_numeric: z.boolean(),
    }),
  }),
  in_meeting: z.strictObject({
    waiting_room: z.boolean(),
    chat: z.boolean(),
    private_chat: z.boolean(),
    breakout_room: z.boolean(),
  }),
  recording: z.strictObject({
    local_recording: z.boolean(),
    cloud_recording: z.boolean(),
    auto_recording: z.enum(['local', 'cloud', 'none']),
  }),
  feature: z.strictObject({ meeting_capacity: whole, webinar: z.boolean(), zoom_phone: z.boolean() }),
});

export const meetingTokenShape = z.strictObject({ token: text.min(1) });

/** The event that a user has removed the app. */
export const deauthorizationShape = z.strictObject({
  event: z.literal('app_deauthorized'),
  event_ts: whole,
  payload: z.strictObject({
    account_id: zoomId,
    user_id: zoomId,
    client_id: zoomId,
    deauthorization_time: z.iso.datetime({ precision: 3 }),
    signature: text,
  }),
});

/** The challenge that checks an endpoint. */
export const endpointValidationShape = z.strictObject({
  event: z.literal('endpoint.url_validation'),
  event_ts: whole,
  payload: z.strictObject({ plainToken: text.min(1) }),
});

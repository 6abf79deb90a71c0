import { z } from 'zod';

/**
 * The shapes of meetings and recordings that Zoom publishes (docs/zoom-protocol.md §5.3 to §5.5), as in
 * published-shapes.ts.
 */

const text = z.string();
const whole = z.int();
const dateTime = z.iso.datetime({ precision: 0 });
const uuid = text.regex(/^[A-Za-z0-9+/]{22}==$/);
const zoomId = text.regex(/^[\w-]{22}$/);
const meetingId = whole.min(10 ** 8).max(10 ** 11);

/** Pages of a list. `page_count` and `page_number` are missing from newer answers. */
const page = {
  next_page_token: text,
  page_size: whole.min(1).max(300),
  total_records: whole,
  page_count: whole.optional(),
  page_number: whole.optional(),
};

export const meetingListShape = z.strictObject({
  ...page,
  meetings: z.array(
    z.strictObject({
      uuid,
      id: meetingId,
      host_id: zoomId,
      topic: text,
      type: z.union([z.literal(2), z.literal(3), z.literal(8)]),
      start_time: dateTime.optional(),
      duration: whole,
      timezone: text,
      created_at: dateTime,
      join_url: z.url(),
      agenda: text.max(250).optional(),
      pmi: text.optional(),
    }),
  ),
});

const switches = z
  .strictObject({
    host_video: z.boolean(),
    participant_video: z.boolean(),
    join_before_host: z.boolean(),
    mute_upon_entry: z.boolean(),
    waiting_room: z.boolean(),
    watermark: z.boolean(),
    use_pmi: z.boolean(),
    auto_recording: z.enum(['local', 'cloud', 'none']),
  })
  .partial();

const recurrence = z.strictObject({
  type: whole.min(1).max(3),
  repeat_interval: whole.optional(),
  weekly_days: text.regex(/^[1-7](,[1-7])*$/).optional(),
  monthly_day: whole.optional(),
  monthly_week: whole.optional(),
  monthly_week_day: whole.optional(),
  end_times: whole.max(60).optional(),
  end_date_time: dateTime.optional(),
});

const occurrence = z.strictObject({
  occurrence_id: text.regex(/^\d+$/),
  start_time: dateTime,
  duration: whole,
  status: z.enum(['available', 'deleted']),
});

export const meetingShape = z.strictObject({
  uuid,
  id: meetingId,
  host_id: zoomId,
  host_email: z.email().optional(),
  assistant_id: text,
  topic: text.max(200),
  type: z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(8), z.literal(10)]),
  status: z.enum(['waiting', 'started']),
  start_time: dateTime.optional(),
  duration: whole,
  timezone: text,
  agenda: text.max(2000).optional(),
  created_at: dateTime,
  start_url: z.url(),
  join_url: z.url(),
  chat_join_url: z.url(),
  password: text.max(10).optional(),
  h323_password: text.optional(),
  pstn_password: text.optional(),
  encrypted_password: text.optional(),
  pmi: text.optional(),
  settings: switches,
  recurrence: recurrence.optional(),
  occurrences: z.array(occurrence).optional(),
  pre_schedule: z.boolean(),
  creation_source: z.literal('open_api'),
});

/** A file. CC and TIMELINE files lack the optional members. */
const recordingFile = z.strictObject({
  id: z.uuid().optional(),
  meeting_id: uuid,
  recording_start: dateTime,
  recording_end: dateTime,
  file_type: z.enum([
    'MP4',
    'M4A',
    'CHAT',
    'TRANSCRIPT',
    'CSV',
    'TB',
    'CC',
    'CHAT_MESSAGE',
    'SUMMARY',
    'TIMELINE',
  ]),
  file_extension: text,
  file_size: whole.optional(),
  play_url: z.url().optional(),
  download_url: z.url(),
  status: z.literal('completed').optional(),
  recording_type: text.optional(),
});

const recording = {
  uuid,
  id: meetingId,
  account_id: zoomId,
  host_id: zoomId,
  topic: text,
  type: text.regex(/^([1-9]|99)$/),
  start_time: dateTime,
  timezone: text,
  duration: whole,
  total_size: whole,
  recording_count: whole,
  share_url: z.url().optional(),
  recording_play_passcode: text,
  auto_delete: z.boolean(),
  auto_delete_date: z.iso.date().optional(),
  recording_files: z.array(recordingFile),
};

export const recordingListShape = z.strictObject({
  from: z.iso.date(),
  to: z.iso.date(),
  ...page,
  meetings: z.array(z.strictObject(recording)),
});

export const recordingShape = z.strictObject({
  ...recording,
  password: text,
  download_access_token: text.optional(),
  participant_audio_files: z.array(z.strictObject({})),
});

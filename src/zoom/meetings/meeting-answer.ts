import { z } from 'zod';
import { idText, optionalFlag, optionalNumber, optionalText } from '../fields.js';

/** A meeting in a list. Type 3 has no start time; Zoom cuts `agenda` at 250 characters (docs/zoom-protocol.md §5.3). */
const meetingSchema = z.object({
  id: idText,
  uuid: optionalText,
  host_id: optionalText,
  topic: optionalText,
  type: optionalNumber,
  start_time: optionalText,
  duration: optionalNumber,
  timezone: optionalText,
  created_at: optionalText,
  join_url: optionalText,
  agenda: optionalText,
});

const settingsSchema = z.object({
  waiting_room: optionalFlag,
  join_before_host: optionalFlag,
  mute_upon_entry: optionalFlag,
  host_video: optionalFlag,
  participant_video: optionalFlag,
  auto_recording: optionalText,
});

/** A meeting as create and get return it (docs/zoom-protocol.md §5.4). `start_url` signs in whoever opens it as host. */
export const meetingDetailSchema = meetingSchema.extend({
  password: optionalText,
  start_url: optionalText,
  settings: settingsSchema.nullish().transform((value) => value ?? undefined),
  occurrences: z
    .array(
      z.object({
        occurrence_id: idText,
        start_time: optionalText,
        duration: optionalNumber,
        status: optionalText,
      }),
    )
    .nullish()
    .transform((value) => value ?? undefined),
});

export const meetingListSchema = z.object({
  meetings: z.array(meetingSchema).default([]),
  next_page_token: z.string().default(''),
  total_records: z.number().optional(),
});

/** A meeting in a list, with Zoom's field names. */
export type ZoomMeetingBody = z.infer<typeof meetingSchema>;

/** A meeting with all details, with Zoom's field names. */
export type ZoomMeetingDetail = z.infer<typeof meetingDetailSchema>;

import { z } from 'zod';
import { idText, listOf, optionalCount, optionalFlag, optionalText, pageFields } from '../fields.js';

/*
 * What this product reads of Zoom's answers about meetings. Only what identifies a thing has to be there: a meeting that
 * was created must not be lost because one of its other fields is odd.
 */

/** A meeting in a list. Type 3 has no start time; Zoom cuts `agenda` at 250 characters (docs/zoom-protocol.md §5.3). */
const meetingSchema = z.object({
  id: idText,
  uuid: optionalText,
  host_id: optionalText,
  topic: optionalText,
  type: optionalCount,
  start_time: optionalText,
  duration: optionalCount,
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

const occurrenceSchema = z.object({
  occurrence_id: idText,
  start_time: optionalText,
  duration: optionalCount,
  status: optionalText,
});

/** A meeting as create and get return it (docs/zoom-protocol.md §5.4). `start_url` signs in whoever opens it as host. */
export const meetingDetailSchema = meetingSchema.extend({
  password: optionalText,
  start_url: optionalText,
  settings: settingsSchema.nullish().transform((value) => value ?? undefined),
  occurrences: z
    .array(occurrenceSchema)
    .nullish()
    .transform((value) => value ?? undefined),
});

/** A page of the list of meetings (docs/zoom-protocol.md §5.3). */
export const meetingListSchema = z.object({ meetings: listOf(meetingSchema), ...pageFields });

/** A meeting in a list, with Zoom's field names. */
export type ZoomMeetingBody = z.infer<typeof meetingSchema>;

/** A meeting with all details, with Zoom's field names. */
export type ZoomMeetingDetail = z.infer<typeof meetingDetailSchema>;

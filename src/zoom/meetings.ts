import { z } from 'zod';
import { readSlice, type Slice } from './paging';
import { type ZoomCaller, type ZoomClient } from './zoom-client';

/** Zoom's `type` of the list of meetings. */
export type MeetingListType = 'scheduled' | 'live' | 'upcoming' | 'upcoming_meetings' | 'previous_meetings';

const text = z
  .string()
  .nullish()
  .transform((value) => value || undefined);

/** A meeting as the list shows it. Type 3 has no start time; `agenda` is cut at 250 characters (zoom-protocol §5.3). */
const meetingSchema = z.object({
  id: z.union([z.number(), z.string()]).transform(String),
  uuid: text,
  host_id: text,
  topic: text,
  type: z
    .number()
    .nullish()
    .transform((value) => value ?? undefined),
  start_time: text,
  duration: z
    .number()
    .nullish()
    .transform((value) => value ?? undefined),
  timezone: text,
  created_at: text,
  join_url: text,
  agenda: text,
});

const meetingListSchema = z.object({
  meetings: z.array(meetingSchema).default([]),
  next_page_token: z.string().default(''),
  total_records: z.number().optional(),
});

/** A meeting, in Zoom's words. */
export type ZoomMeetingBody = z.infer<typeof meetingSchema>;

/** A part of the connected user's meetings. @throws AppError `BAD_USER_INPUT`, and as {@link ZoomClient.call} */
export function listMeetings(
  client: ZoomClient,
  caller: ZoomCaller,
  { type, first, after }: { type: MeetingListType; first: number; after?: string },
): Promise<Slice<ZoomMeetingBody>> {
  return readSlice({ first, after, list: `meetings:${type}` }, async ({ pageSize, nextPageToken }) => {
    const page = await client.call(
      {
        method: 'GET',
        path: '/users/me/meetings',
        query: { type, page_size: pageSize, next_page_token: nextPageToken },
        scopes: ['meeting:read:list_meetings'],
        schema: meetingListSchema,
      },
      caller,
    );
    return { items: page.meetings, nextPageToken: page.next_page_token, totalRecords: page.total_records };
  });
}

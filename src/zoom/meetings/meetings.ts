import { z } from 'zod';
import { AppError } from '../../lib/errors.js';
import {
  meetingDetailSchema,
  meetingListSchema,
  type ZoomMeetingBody,
  type ZoomMeetingDetail,
} from './meeting-answer.js';
import { type NewMeeting, type MeetingChanges } from './meeting-input.js';
import { meetingKey } from './meeting-key.js';
import { argumentOfField, toMeetingBody, toNewMeetingBody } from './meeting-request.js';
import { type Slice } from '../../relay/slice.js';
import { readSlice } from '../paging.js';
import { type ZoomAccess } from '../api/zoom-access.js';

/** Zoom's `type` of the list of meetings. */
export type MeetingListType = 'scheduled' | 'live' | 'upcoming' | 'upcoming_meetings' | 'previous_meetings';

/** Reads a slice of the user's meetings. @throws AppError `BAD_USER_INPUT`, and as {@link ZoomAccess.call} */
export function listMeetings(
  zoom: ZoomAccess,
  { type, first, after }: { type: MeetingListType; first: number; after?: string | undefined },
): Promise<Slice<ZoomMeetingBody>> {
  return readSlice({ first, after, list: `meetings:${type}` }, async ({ pageSize, nextPageToken }) => {
    const page = await zoom.call({
      method: 'GET',
      path: `${zoom.userPath}/meetings`,
      query: { type, page_size: pageSize, next_page_token: nextPageToken },
      scopes: ['meeting:read:list_meetings'],
      schema: meetingListSchema,
    });
    return { items: page.meetings, nextPageToken: page.next_page_token, totalRecords: page.total_records };
  });
}

/** A meeting, or one date of a series. */
export interface MeetingTarget {
  /** A meeting number, or the UUID of an instance. */
  id: string;
  /** The id of the date. It has been checked; undefined: the whole meeting. */
  occurrenceId?: string | undefined;
}

/**
 * Reads one meeting, or one date of a series with its own agenda, time and settings.
 * @throws AppError `BAD_USER_INPUT` naming `id`, and as {@link ZoomAccess.call}
 */
export async function getMeeting(
  zoom: ZoomAccess,
  { id, occurrenceId }: MeetingTarget,
): Promise<ZoomMeetingDetail> {
  return zoom.call({
    method: 'GET',
    path: `/meetings/${meetingKey(id, 'id')}`,
    query: { occurrence_id: occurrenceId },
    scopes: ['meeting:read:meeting'],
    schema: meetingDetailSchema,
  });
}

/** Creates a meeting. The input has been checked. @throws AppError as {@link ZoomAccess.call} */
export function createMeeting(zoom: ZoomAccess, meeting: NewMeeting): Promise<ZoomMeetingDetail> {
  return zoom.call({
    method: 'POST',
    path: `${zoom.userPath}/meetings`,
    body: toNewMeetingBody(meeting),
    argumentOf: argumentOfField,
    scopes: ['meeting:write:meeting'],
    schema: meetingDetailSchema,
  });
}

/**
 * Changes a meeting, or one date of a series. The input has been checked.
 * @throws AppError `BAD_USER_INPUT` naming `input.id`, and as {@link ZoomAccess.call}
 */
export async function updateMeeting(
  zoom: ZoomAccess,
  { id, occurrenceId }: MeetingTarget,
  changes: MeetingChanges,
): Promise<void> {
  await zoom.call({
    method: 'PATCH',
    path: `/meetings/${meetingKey(id, 'input.id')}`,
    query: { occurrence_id: occurrenceId },
    body: toMeetingBody(changes),
    argumentOf: argumentOfField,
    scopes: ['meeting:update:meeting'],
    schema: z.unknown(),
  });
}

/**
 * Deletes a meeting with all its dates, or one date of a series.
 * @throws AppError `BAD_USER_INPUT` naming `input.id`, and as {@link ZoomAccess.call}
 */
export async function deleteMeeting(zoom: ZoomAccess, { id, occurrenceId }: MeetingTarget): Promise<void> {
  await zoom.call({
    method: 'DELETE',
    path: `/meetings/${meetingKey(id, 'input.id')}`,
    query: { occurrence_id: occurrenceId },
    scopes: ['meeting:delete:meeting'],
    schema: z.unknown(),
  });
}

/** Zoom's code for a meeting that does not exist (docs/zoom-protocol.md §5.6). */
const MEETING_GONE = 3001;

/** Whether Zoom says that the meeting does not exist. A 404 with another code or with none does not say so. */
export function isMeetingGone(error: unknown): boolean {
  return (
    error instanceof AppError && error.code === 'ZOOM_NOT_FOUND' && error.details.zoomCode === MEETING_GONE
  );
}

import { z } from 'zod';
import { AppError } from '../lib/errors.js';
import { idText, listOf, optionalCount, optionalSize, optionalText, pageFields } from './fields.js';
import { meetingKey } from './meetings/meeting-key.js';
import { type Slice } from '../relay/slice.js';
import { readTokenSlice, type ZoomPage } from './paging.js';
import { type DayRange, newestWindow, recordingRange, windowBefore } from './recording-windows.js';
import { type ZoomAccess } from './api/zoom-access.js';
import { type ApiRequest } from './api/zoom-api.js';

/** CC and TIMELINE files lack id, status, size, type and play address (docs/zoom-protocol.md §5.5). */
const fileSchema = z.object({
  id: optionalText,
  file_type: optionalText,
  file_extension: optionalText,
  file_size: optionalSize,
  recording_type: optionalText,
  recording_start: optionalText,
  recording_end: optionalText,
  status: optionalText,
  play_url: optionalText,
  download_url: optionalText,
});

/** Either the number of the meeting or the UUID of the instance has to be there: both name a recording. */
const recordingSchema = z
  .object({
    id: idText.nullish(),
    uuid: optionalText,
    host_id: optionalText,
    topic: optionalText,
    start_time: optionalText,
    timezone: optionalText,
    duration: optionalCount,
    total_size: optionalSize,
    share_url: optionalText,
    password: optionalText,
    recording_files: listOf(fileSchema),
  })
  .transform((recording, context) => {
    const id = recording.id ?? recording.uuid;
    if (id !== undefined) return { ...recording, id };
    context.addIssue('has neither id nor uuid');
    return z.NEVER;
  });

const recordingListSchema = z.object({ meetings: listOf(recordingSchema), ...pageFields });

/** The recording of one instance of a meeting, with Zoom's field names. `id` is the UUID if Zoom names no number. */
export type ZoomRecordingBody = z.infer<typeof recordingSchema>;

/** `from` and `to` name whole UTC days. */
export interface RecordingQuery {
  from?: Date | null | undefined;
  to?: Date | null | undefined;
  first: number;
  after?: string | undefined;
}

/**
 * Reads a slice of the user's recordings in a range of days, by default the last 30. Zoom answers for one month at
 * most, so a longer range is read in windows of one month, newest first. Cursors continue from window to window.
 * @throws AppError `BAD_USER_INPUT` naming `from`, `first` or `after`, and as {@link ZoomAccess.call}
 */
export function listRecordings(
  zoom: ZoomAccess,
  { from, to, first, after }: RecordingQuery,
  now: Date,
): Promise<Slice<ZoomRecordingBody>> {
  const range = recordingRange({ from, to }, now);
  // A default range moves every day. Its cursors stay valid after midnight, because they do not name the days.
  const list = `recordings:${from ? range.from : ''}:${to ? range.to : ''}`;
  return readTokenSlice(
    { first, after, list },
    ({ pageSize, nextPageToken }) =>
      readWindow(zoom, { range, pageSize, page: nextPageToken ?? [newestWindow(range), ''] }),
    windowPageSchema,
  );
}

/**
 * Reads the recording of a meeting: with a meeting number that of the latest instance, with a UUID that of one instance.
 * @throws AppError `BAD_USER_INPUT` naming `meetingId`, and as {@link ZoomAccess.call}
 */
export async function getRecording(zoom: ZoomAccess, meetingId: string): Promise<ZoomRecordingBody> {
  return zoom.call({
    method: 'GET',
    path: `/meetings/${meetingKey(meetingId, 'meetingId')}/recordings`,
    scopes: ['cloud_recording:read:list_recording_files'],
    schema: recordingSchema,
  });
}

const day = z.iso.date();
/** A page of the list over all windows: the window, and Zoom's page token in it, empty for the first page. */
const windowPageSchema = z.tuple([z.object({ from: day, to: day }), z.string().max(1024)]);
type WindowPage = z.infer<typeof windowPageSchema>;

async function readWindow(
  zoom: ZoomAccess,
  { range, pageSize, page: [window, zoomToken] }: { range: DayRange; pageSize: number; page: WindowPage },
): Promise<ZoomPage<ZoomRecordingBody, WindowPage>> {
  const page = await fetchWindow(zoom, {
    ...window,
    page_size: pageSize,
    next_page_token: zoomToken || undefined,
    // Otherwise the list holds My Notes too (docs/zoom-protocol.md §5.5).
    recording_source_type: 'cloud_recording_only',
  });
  const nextWindow = page.next_page_token === '' ? windowBefore(window, range) : window;
  return {
    items: page.meetings,
    nextPageToken: nextWindow ? [nextWindow, page.next_page_token] : '',
    // Zoom counts by window: only a range of one has a total.
    totalRecords: window.from === range.from && window.to === range.to ? page.total_records : undefined,
  };
}

/** Zoom's code for a session without a recording. For a list it means that there are none (docs/zoom-protocol.md §5.5). */
const NO_RECORDING = 3301;

async function fetchWindow(
  zoom: ZoomAccess,
  query: NonNullable<ApiRequest['query']>,
): Promise<z.infer<typeof recordingListSchema>> {
  try {
    return await zoom.call({
      method: 'GET',
      path: `${zoom.userPath}/recordings`,
      query,
      scopes: ['cloud_recording:read:list_user_recordings'],
      schema: recordingListSchema,
    });
  } catch (error) {
    const isEmpty =
      error instanceof AppError && error.code === 'ZOOM_NOT_FOUND' && error.details.zoomCode === NO_RECORDING;
    if (!isEmpty) throw error;
    return { meetings: [], next_page_token: '', total_records: 0 };
  }
}

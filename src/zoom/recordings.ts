import { z } from 'zod';
import { badUserInput } from '../lib/errors.js';
import { idText, optionalNumber, optionalText } from './fields.js';
import { meetingKey } from './meetings/meeting-key.js';
import { readSlice, type Slice, type ZoomPage } from './paging.js';
import { type DayRange, newestWindow, recordingRange, windowBefore } from './recording-windows.js';
import { type ZoomAccess } from './api/zoom-access.js';

/** CC and TIMELINE files lack id, status, size, type and play address (zoom-protocol §5.5). */
const fileSchema = z.object({
  id: optionalText,
  file_type: optionalText,
  file_extension: optionalText,
  file_size: optionalNumber,
  recording_type: optionalText,
  recording_start: optionalText,
  recording_end: optionalText,
  status: optionalText,
  play_url: optionalText,
  download_url: optionalText,
});

const recordingSchema = z.object({
  id: idText,
  uuid: optionalText,
  host_id: optionalText,
  topic: optionalText,
  start_time: optionalText,
  timezone: optionalText,
  duration: optionalNumber,
  total_size: optionalNumber,
  share_url: optionalText,
  password: optionalText,
  recording_files: z
    .array(fileSchema)
    .nullish()
    .transform((value) => value ?? []),
});

const recordingListSchema = z.object({
  meetings: z.array(recordingSchema).default([]),
  next_page_token: z.string().default(''),
  total_records: z.number().optional(),
});

/** The recording of one instance of a meeting, in Zoom's words. */
export type ZoomRecordingBody = z.infer<typeof recordingSchema>;

/** Which recordings are wanted; the days are UTC. */
export interface RecordingQuery {
  from?: Date | null;
  to?: Date | null;
  first: number;
  after?: string;
}

/**
 * A part of the user's recordings in a range of days, by default the last 30. A longer range than Zoom's month is read
 * in windows of a month, the newest first; cursors run on from window to window.
 * @throws AppError `BAD_USER_INPUT` naming `from`, `first` or `after`, and as {@link ZoomAccess.call}
 */
export function listRecordings(
  zoom: ZoomAccess,
  { from, to, first, after }: RecordingQuery,
  now: Date,
): Promise<Slice<ZoomRecordingBody>> {
  const range = recordingRange({ from, to }, now);
  // A default range moves with the day; its cursors outlive midnight.
  const list = `recordings:${from ? range.from : ''}:${to ? range.to : ''}`;
  return readSlice({ first, after, list }, ({ pageSize, nextPageToken }) =>
    readWindow(zoom, { range, pageSize, place: readPlace(nextPageToken) ?? { window: newestWindow(range) } }),
  );
}

/**
 * The recording of a meeting: of its latest instance by number, of one instance by UUID.
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

/** A place in the list over all windows: a window, and Zoom's page token in it. */
interface Place {
  window: DayRange;
  zoomToken?: string;
}

async function readWindow(
  zoom: ZoomAccess,
  { range, pageSize, place: { window, zoomToken } }: { range: DayRange; pageSize: number; place: Place },
): Promise<ZoomPage<ZoomRecordingBody>> {
  const page = await zoom.call({
    method: 'GET',
    path: `${zoom.userPath}/recordings`,
    query: { ...window, page_size: pageSize, next_page_token: zoomToken },
    scopes: ['cloud_recording:read:list_user_recordings'],
    schema: recordingListSchema,
  });
  const before = windowBefore(window, range);
  const next: Place | undefined =
    page.next_page_token === '' ? before && { window: before } : { window, zoomToken: page.next_page_token };
  return {
    items: page.meetings,
    nextPageToken: next ? writePlace(next) : '',
    // Zoom counts by window: only a range of one has a total.
    ...(window.from === range.from && window.to === range.to && { totalRecords: page.total_records }),
  };
}

const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
const placeSchema = z.tuple([day, day, z.string()]);

function writePlace({ window, zoomToken = '' }: Place): string {
  return JSON.stringify([window.from, window.to, zoomToken]);
}

function readPlace(token: string | undefined): Place | undefined {
  if (token === undefined) return undefined;
  try {
    const [from, to, zoomToken] = placeSchema.parse(JSON.parse(token));
    return { window: { from, to }, ...(zoomToken && { zoomToken }) };
  } catch (cause) {
    throw badUserInput('after', 'is not a cursor of this API', cause);
  }
}

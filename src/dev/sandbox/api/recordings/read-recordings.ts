import { type SandboxRecording } from '../../store/recordings.js';
import { DAY_MS } from '../../store/time.js';
import { canReach, meetingKeyOf, resolveUser } from '../access.js';
import { type ApiCall, ApiError, type ApiRoute, noSuchMeeting, validationFailed } from '../api-call.js';
import { paginate } from '../pagination.js';
import { downloadBinding } from './recording-downloads.js';

const DEFAULT_TTL_SECONDS = 86_400;
const MAX_TTL_SECONDS = 604_800;

/** `GET /v2/users/{userId}/recordings`. A Basic user has no cloud recordings and gets an error. */
export const listRecordings: ApiRoute = {
  method: 'GET',
  url: '/v2/users/:userId/recordings',
  scope: 'cloud_recording:read:list_user_recordings',
  label: 'Medium',
  handle(call) {
    const { state, query } = call;
    const range = readRange(query, state.clock.now(), state.settings.recordingRange);
    const user = resolveUser(call);
    if (user.type === 1) throw new ApiError(400, 200, `Only available for paid account: ${user.accountId}.`);
    const meetingId = query.get('meeting_id');
    const source = readSource(query);
    const found = state.recordings
      .listByHost(user.id)
      .filter(
        (recording) =>
          isWithin(range, recording.start_time) &&
          (!meetingId || String(recording.id) === meetingId) &&
          (source === undefined || source === sourceOf(recording)),
      );
    if (found.length === 0 && state.settings.noRecordings === 'error') {
      throw new ApiError(404, 3301, 'There is no recording for this session.');
    }
    // The sandbox's trash is always empty.
    const { envelope, items } = paginate(call, query.get('trash') === 'true' ? [] : found);
    return {
      ...range,
      ...envelope,
      meetings: items.map((recording) => recordingDetail(recording, state.baseUrl)),
    };
  },
};

const SOURCES = ['cloud_recording_only', 'my_notes_recording_only'];

/** Which recordings a query asks for. Undefined: those of both sources. */
function readSource(query: URLSearchParams): string | undefined {
  const source = query.get('recording_source_type') ?? undefined;
  if (source !== undefined && !SOURCES.includes(source)) throw validationFailed('recording_source_type');
  return source;
}

function sourceOf({ isMyNotes }: SandboxRecording): string {
  return isMyNotes ? 'my_notes_recording_only' : 'cloud_recording_only';
}

/** Whole UTC days as `yyyy-mm-dd`, both included. */
interface RecordingRange {
  from: string;
  to: string;
}

/** Reads the range of a query: by default today and tomorrow, at most one month. */
export function readRange(query: URLSearchParams, now: Date, overlong: 'clamp' | 'error'): RecordingRange {
  const from = readDay(query, 'from') ?? now;
  const to = readDay(query, 'to') ?? new Date(now.getTime() + DAY_MS);
  if (dayOf(from) > dayOf(to)) throw validationFailed('from');
  const latest = new Date(from);
  latest.setUTCMonth(latest.getUTCMonth() + 1);
  if (dayOf(to) <= dayOf(latest)) return { from: dayOf(from), to: dayOf(to) };
  if (overlong === 'error') throw validationFailed('from', 'to');
  return { from: dayOf(from), to: dayOf(latest) };
}

function isWithin({ from, to }: RecordingRange, time: string): boolean {
  const day = dayOf(new Date(time));
  return from <= day && day <= to;
}

function readDay(query: URLSearchParams, name: string): Date | undefined {
  const text = query.get(name);
  if (!text) return undefined;
  const day = /^\d{4}-\d{2}-\d{2}$/.test(text) ? new Date(text) : new Date(NaN);
  if (Number.isNaN(day.getTime()) || dayOf(day) !== text) throw validationFailed(name);
  return day;
}

function dayOf(time: Date): string {
  return time.toISOString().slice(0, 10);
}

/**
 * `GET /v2/meetings/{meetingId}/recordings`: the instance with a UUID, or the latest instance of a meeting number.
 */
export const listMeetingRecordings: ApiRoute = {
  method: 'GET',
  url: '/v2/meetings/:meetingId/recordings',
  scope: 'cloud_recording:read:list_recording_files',
  label: 'Light',
  handle(call) {
    const ttlSeconds = readTtl(call.query);
    const recording = findRecording(call);
    const wantsToken = (call.query.get('include_fields') ?? '').split(',').includes('download_access_token');
    const token = () => call.state.opaqueTokens.issue(downloadBinding(recording), 0, ttlSeconds * 1000);
    return {
      ...recordingDetail(recording, call.state.baseUrl),
      password: recording.passcode,
      download_access_token: wantsToken ? token() : undefined,
      participant_audio_files: [],
    };
  },
};

function findRecording(call: ApiCall): SandboxRecording {
  const { state, request } = call;
  const { key, isReachable } = meetingKeyOf(request);
  const recording = isReachable ? state.recordings.find(key) : undefined;
  const meeting = isReachable ? state.meetings.find(key) : undefined;
  const host = state.users.find(recording?.host_id ?? meeting?.host_id ?? '');
  if (!host || !canReach(call, host)) throw noSuchMeeting(key);
  if (!recording) throw new ApiError(404, 3301, 'There is no recording for this meeting.');
  return recording;
}

function readTtl(query: URLSearchParams): number {
  const ttl = Number(query.get('ttl') ?? DEFAULT_TTL_SECONDS);
  if (!Number.isInteger(ttl) || ttl < 0 || ttl > MAX_TTL_SECONDS) throw validationFailed('ttl');
  return ttl;
}

/** A recording in the form that both endpoints return. */
function recordingDetail({ passcode, recording_files, ...recording }: SandboxRecording, baseUrl: string) {
  return {
    ...recording,
    isMyNotes: undefined,
    total_size: recording_files.reduce((sum, { file_size = 0 }) => sum + file_size, 0),
    recording_count: recording_files.length,
    recording_play_passcode: passcode && Buffer.from(passcode).toString('base64url'),
    auto_delete: false,
    recording_files: recording_files.map(({ download_path, ...file }) => ({
      ...file,
      download_url: `${baseUrl}${download_path}`,
    })),
  };
}

import { type SandboxRecording } from '../../store/recordings.js';
import { ApiError, noSuchMeeting, validationFailed } from '../api-error.js';
import { type ApiCall, type ApiRoute } from '../api-route.js';
import { meetingKeyOf } from '../path-key.js';
import { mayActFor } from '../users/resolve-user.js';
import { recordingDetail } from './recording-detail.js';

const DEFAULT_TTL_SECONDS = 86_400;
const MAX_TTL_SECONDS = 604_800;

/** `GET /v2/meetings/{meetingId}/recordings`: one instance by UUID, or the latest of a meeting number. */
export const listMeetingRecordings: ApiRoute = {
  method: 'GET',
  url: '/v2/meetings/:meetingId/recordings',
  scope: 'cloud_recording:read:list_recording_files',
  label: 'Light',
  handle(call) {
    const ttlSeconds = readTtl(call.query);
    const recording = findRecording(call);
    const wantsToken = (call.query.get('include_fields') ?? '').split(',').includes('download_access_token');
    const token = () => call.state.sealed.issue(downloadBinding(recording), 0, ttlSeconds * 1000);
    return {
      ...recordingDetail(recording, call.state.baseUrl),
      password: recording.passcode,
      download_access_token: wantsToken ? token() : undefined,
      participant_audio_files: [],
    };
  },
};

/** What a download token is good for: the files of one recording. */
export function downloadBinding({ uuid }: SandboxRecording): string {
  return `download ${uuid}`;
}

function findRecording(call: ApiCall): SandboxRecording {
  const { state, request } = call;
  const { key, isReachable } = meetingKeyOf(request);
  const recording = isReachable ? state.recordings.find(key) : undefined;
  const meeting = isReachable ? state.meetings.find(key) : undefined;
  const host = state.users.find(recording?.host_id ?? meeting?.host_id ?? '');
  if (!host || !mayActFor(call, host)) throw noSuchMeeting(key);
  if (!recording) throw new ApiError(404, 3301, 'There is no recording for this meeting.');
  return recording;
}

function readTtl(query: URLSearchParams): number {
  const ttl = Number(query.get('ttl') ?? DEFAULT_TTL_SECONDS);
  if (!Number.isInteger(ttl) || ttl < 0 || ttl > MAX_TTL_SECONDS) throw validationFailed('ttl');
  return ttl;
}

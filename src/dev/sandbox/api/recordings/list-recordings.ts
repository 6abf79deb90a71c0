import { ApiError } from '../api-error.js';
import { type ApiRoute } from '../api-route.js';
import { paginate } from '../pagination.js';
import { resolveUser } from '../users/resolve-user.js';
import { recordingDetail } from './recording-detail.js';
import { isWithin, readRange } from './recording-range.js';

/** `GET /v2/users/{userId}/recordings`; a Basic user has no cloud recording. */
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
    const found = state.recordings
      .listByHost(user.id)
      .filter(
        ({ start_time, id }) => isWithin(range, start_time) && (!meetingId || String(id) === meetingId),
      );
    // The sandbox's trash is always empty.
    const { envelope, items } = paginate(call, query.get('trash') === 'true' ? [] : found);
    return {
      ...range,
      ...envelope,
      meetings: items.map((recording) => recordingDetail(recording, state.baseUrl)),
    };
  },
};

import { type SandboxMeeting } from '../../store/meetings.js';
import { validationFailed } from '../api-error.js';
import { type ApiCall, type ApiRoute } from '../api-route.js';
import { joinUrl } from './meeting-url.js';
import { paginate } from '../pagination.js';
import { resolveUser } from '../users/resolve-user.js';

const SIX_MONTHS_MS = 183 * 86_400_000;
const LISTED_AGENDA_LENGTH = 250;

type Selection = (meeting: SandboxMeeting, nowMs: number) => boolean;

const endOf = (meeting: SandboxMeeting) => Date.parse(lastStart(meeting)) + meeting.duration * 60_000;
const upcoming: Selection = (meeting, nowMs) =>
  meeting.start_time === undefined || (endOf(meeting) >= nowMs && endOf(meeting) < nowMs + SIX_MONTHS_MS);

const previous: Selection = (meeting, nowMs) =>
  meeting.start_time !== undefined && endOf(meeting) < nowMs && endOf(meeting) > nowMs - SIX_MONTHS_MS;

const SELECTIONS = new Map<string, Selection>([
  ['scheduled', () => true],
  ['live', (meeting) => meeting.status === 'started'],
  ['upcoming', upcoming],
  ['upcoming_meetings', upcoming],
  ['previous_meetings', previous],
]);

/** `GET /v2/users/{userId}/meetings`: scheduled meetings, never instant ones. */
export const listMeetings: ApiRoute = {
  method: 'GET',
  url: '/v2/users/:userId/meetings',
  scope: 'meeting:read:list_meetings',
  label: 'Medium',
  handle(call) {
    const select = SELECTIONS.get(call.query.get('type') || 'scheduled');
    if (!select) throw validationFailed('type');
    const { envelope, items } = paginate(call, selected(call, select));
    return { ...envelope, meetings: items.map(listed) };
  },
};

function selected(call: ApiCall, select: Selection): SandboxMeeting[] {
  const nowMs = call.state.clock.nowMs();
  const hosted = call.state.meetings.listByHost(resolveUser(call).id);
  return hosted.filter((meeting) => meeting.type !== 1 && select(meeting, nowMs));
}

function lastStart(meeting: SandboxMeeting): string {
  return meeting.occurrences?.at(-1)?.start_time ?? meeting.start_time ?? '';
}

function listed(meeting: SandboxMeeting) {
  const { uuid, id, host_id, topic, type, start_time, duration, timezone, agenda, created_at } = meeting;
  const shortAgenda = agenda ? agenda.slice(0, LISTED_AGENDA_LENGTH) : undefined;
  return {
    ...{ uuid, id, host_id, topic, type, start_time, duration, timezone, created_at },
    agenda: shortAgenda,
    join_url: joinUrl(meeting),
  };
}

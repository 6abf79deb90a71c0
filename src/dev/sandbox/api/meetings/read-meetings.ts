import { createHash, randomBytes } from 'node:crypto';
import { type SandboxMeeting } from '../../store/meetings.js';
import { DAY_MS } from '../../store/time.js';
import { type SandboxUser } from '../../store/users.js';
import { findMeeting, resolveUser } from '../access.js';
import { type ApiCall, type ApiRoute, validationFailed } from '../api-call.js';
import { paginate } from '../pagination.js';

const SIX_MONTHS_MS = 183 * DAY_MS;
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

/** `GET /v2/users/{userId}/meetings`: all meetings except instant ones. */
export const listMeetings: ApiRoute = {
  method: 'GET',
  url: '/v2/users/:userId/meetings',
  scope: 'meeting:read:list_meetings',
  label: 'Medium',
  handle(call) {
    const type = call.query.get('type') ?? '';
    const select = SELECTIONS.get(type === '' ? 'scheduled' : type);
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
  return {
    uuid,
    id,
    host_id,
    topic,
    type,
    start_time,
    duration,
    timezone,
    created_at,
    agenda: agenda ? agenda.slice(0, LISTED_AGENDA_LENGTH) : undefined,
    join_url: joinUrl(meeting),
  };
}

/** `GET /v2/meetings/{meetingId}` */
export const getMeeting: ApiRoute = {
  method: 'GET',
  url: '/v2/meetings/:meetingId',
  scope: 'meeting:read:meeting',
  label: 'Light',
  handle(call) {
    const { meeting, host } = findMeeting(call);
    return meetingDetail(meeting, host);
  },
};

/** A meeting in the form that create and get return. `start_url` is a credential of the host, new in every answer. */
export function meetingDetail(meeting: SandboxMeeting, host: SandboxUser) {
  const { agenda, ...rest } = meeting;
  const numericPassword = String(meeting.id % 1_000_000).padStart(6, '0');
  return {
    ...rest,
    agenda: agenda || undefined,
    host_email: host.email,
    assistant_id: '',
    start_url: `https://us04web.zoom.us/s/${meeting.id}?zak=${fakeZak()}`,
    join_url: joinUrl(meeting),
    chat_join_url: `https://us04web.zoom.us/launch/jc/${meeting.id}`,
    h323_password: numericPassword,
    pstn_password: numericPassword,
    encrypted_password: encryptedPassword(meeting),
    creation_source: 'open_api',
  };
}

function fakeZak(): string {
  return ['{"typ":"JWT","alg":"HS256"}', '{"iss":"web"}']
    .map((part) => Buffer.from(part).toString('base64url'))
    .concat(randomBytes(32).toString('base64url'))
    .join('.');
}

/** The link for participants. It contains the passcode. */
export function joinUrl(meeting: SandboxMeeting): string {
  return `https://us04web.zoom.us/j/${meeting.id}?pwd=${encryptedPassword(meeting)}`;
}

function encryptedPassword(meeting: SandboxMeeting): string {
  return createHash('sha256').update(`${meeting.id}:${meeting.password}`).digest('base64url').slice(0, 32);
}

import { createHash } from 'node:crypto';
import { type Occurrence, type SandboxMeeting } from '../../store/meetings.js';
import { DAY_MS } from '../../store/time.js';
import { type SandboxUser } from '../../store/users.js';
import { findMeeting, resolveUser } from '../access.js';
import { type ApiCall, type ApiRoute, validationFailed } from '../api-call.js';
import { paginate } from '../pagination.js';
import { fakeZak } from '../user-tokens.js';

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
  const { uuid, id, host_id, topic, type, start_time, duration, timezone, agenda, created_at, pmi } = meeting;
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
    pmi,
    agenda: agenda ? agenda.slice(0, LISTED_AGENDA_LENGTH) : undefined,
    join_url: joinUrl(meeting),
  };
}

/**
 * `GET /v2/meetings/{meetingId}`: a meeting or, with `occurrence_id`, a series as it is on one date. Dates that are over
 * are listed with `show_previous_occurrences=true` only.
 */
export const getMeeting: ApiRoute = {
  method: 'GET',
  url: '/v2/meetings/:meetingId',
  scope: 'meeting:read:meeting',
  label: 'Light',
  handle(call) {
    const { meeting, host } = findMeeting(call);
    const date = findOccurrence(call, meeting);
    const nowMs = call.state.clock.nowMs();
    const isListed = ({ start_time, duration }: Occurrence) =>
      call.query.get('show_previous_occurrences') === 'true' ||
      Date.parse(start_time) + duration * 60_000 >= nowMs;
    const occurrences = meeting.occurrences?.filter(isListed);
    return meetingDetail({ ...(date ? onDate(meeting, date) : meeting), occurrences }, host);
  },
};

/** A series as it is on one of its dates. */
export function onDate(meeting: SandboxMeeting, date: Occurrence): SandboxMeeting {
  const { start_time, duration, agenda = meeting.agenda, settings = meeting.settings } = date;
  return { ...meeting, start_time, duration, agenda, settings };
}

/** The occurrence with the `occurrence_id` of the query. Undefined if the query has none. */
export function findOccurrence({ query }: ApiCall, meeting: SandboxMeeting): Occurrence | undefined {
  const id = query.get('occurrence_id');
  if (id === null) return undefined;
  const occurrence = meeting.occurrences?.find(({ occurrence_id }) => occurrence_id === id);
  if (!occurrence) throw validationFailed('occurrence_id');
  return occurrence;
}

/** A meeting in the form that create and get return. `start_url` is a credential of the host, new in every answer. */
export function meetingDetail(meeting: SandboxMeeting, host: SandboxUser) {
  const { agenda, password, occurrences, ...rest } = meeting;
  return {
    ...rest,
    hasEnded: undefined,
    agenda: agenda || undefined,
    occurrences: occurrences?.map(({ occurrence_id, start_time, duration, status }) => ({
      occurrence_id,
      start_time,
      duration,
      status,
    })),
    host_email: host.email,
    assistant_id: '',
    start_url: `https://us04web.zoom.us/s/${meeting.id}?zak=${fakeZak()}`,
    join_url: joinUrl(meeting),
    chat_join_url: `https://us04web.zoom.us/launch/jc/${meeting.id}`,
    ...(password === '' ? {} : passwords(meeting)),
    creation_source: 'open_api',
  };
}

/** The passcode in the forms for the web, for room systems and for telephones. */
function passwords(meeting: SandboxMeeting) {
  const numeric = String(meeting.id % 1_000_000).padStart(6, '0');
  return {
    password: meeting.password,
    h323_password: numeric,
    pstn_password: numeric,
    encrypted_password: encryptedPassword(meeting),
  };
}

/** The link for participants. It contains the passcode, if there is one. */
function joinUrl(meeting: SandboxMeeting): string {
  const link = `https://us04web.zoom.us/j/${meeting.id}`;
  return meeting.password === '' ? link : `${link}?pwd=${encryptedPassword(meeting)}`;
}

function encryptedPassword(meeting: SandboxMeeting): string {
  return createHash('sha256').update(`${meeting.id}:${meeting.password}`).digest('base64url').slice(0, 32);
}

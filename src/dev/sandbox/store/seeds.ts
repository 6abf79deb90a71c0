import { randomUUID } from 'node:crypto';
import { awkwardUuid, meetingUuid, zoomIdentifier } from './identifiers.js';
import { createMeeting, type MeetingStore, type SandboxMeeting } from './meetings.js';
import { type RecordingFile, type SandboxRecording } from './recordings.js';
import { DAY_MS, zoomDateTime } from './time.js';
import { type SandboxUser, timeZoneOf } from './users.js';

const LICENSED_PLAIN_MEETINGS = 69;
const FREE_MEETINGS = 2;

/** The first meetings: 75 for a licensed host with an email address, 6 of them traps; 2 for a free host. */
export function seedMeetings(hosts: readonly SandboxUser[], now: Date): SandboxMeeting[] {
  const licensed = hosts.find((host) => host.type === 2 && host.email && host.status === 'active');
  const free = hosts.find((host) => host.type === 1);
  return [
    ...(licensed ? trapMeetings(licensed, now) : []),
    ...(licensed ? plainMeetings(licensed, LICENSED_PLAIN_MEETINGS, now) : []),
    ...(free ? plainMeetings(free, FREE_MEETINGS, now) : []),
  ];
}

/** Scheduled meetings of a host, one a day, beginning tomorrow. */
export function plainMeetings(host: SandboxUser, count: number, now: Date): SandboxMeeting[] {
  return Array.from({ length: count }, (_, index) =>
    createMeeting(
      {
        host_id: host.id,
        topic: `Coaching session ${index + 1}`,
        start_time: zoomDateTime(now.getTime() + (index + 1) * DAY_MS),
        timezone: timeZoneOf(host),
        created_at: zoomDateTime(now.getTime() - 10 * DAY_MS),
      },
      now,
    ),
  );
}

/** Meetings that make a careless client fail: slashes in the UUID, no start time, a series, a very long agenda. */
function trapMeetings(host: SandboxUser, now: Date): SandboxMeeting[] {
  const inDays = (days: number) => zoomDateTime(now.getTime() + days * DAY_MS);
  const traps: Partial<SandboxMeeting>[] = [
    { topic: 'UUID with a leading slash', uuid: awkwardUuid('leading_slash'), start_time: inDays(2) },
    { topic: 'UUID with a double slash', uuid: awkwardUuid('double_slash'), start_time: inDays(3) },
    { topic: 'Recurring without a fixed time', type: 3 },
    {
      topic: 'Weekly series',
      type: 8,
      start_time: inDays(4),
      recurrence: { type: 2, repeat_interval: 1, weekly_days: '2', end_times: 3 },
      occurrences: [4, 11, 18].map((days) => ({
        occurrence_id: String(now.getTime() + days * DAY_MS),
        start_time: inDays(days),
        duration: 60,
        status: 'available' as const,
      })),
    },
    { topic: 'Long agenda', agenda: 'Agenda. '.repeat(100).trim(), start_time: inDays(5) },
    { topic: 'Held last week', start_time: inDays(-7) },
  ];
  return traps.map((trap) => createMeeting({ ...trap, host_id: host.id }, now));
}

const FULL_FILES = [
  ['MP4', 'MP4', 'shared_screen_with_speaker_view'],
  ['M4A', 'M4A', 'audio_only'],
  ['TRANSCRIPT', 'VTT', 'audio_transcript'],
  ['CHAT', 'TXT', 'chat_file'],
] as const;

const BARE_FILES = [
  ['CC', 'VTT'],
  ['TIMELINE', 'JSON'],
] as const;

interface Plan {
  daysAgo: number;
  uuid?: string;
  passcode?: string;
  bare?: boolean;
  shared?: boolean;
  isMyNotes?: boolean;
}

/** The first recordings, for every host who has both a past meeting and a series. */
export function seedRecordings(
  hosts: readonly SandboxUser[],
  meetings: MeetingStore,
  now: Date,
): SandboxRecording[] {
  return hosts.flatMap((host) => {
    const hosted = meetings.listByHost(host.id);
    const past = hosted.find(
      ({ start_time }) => start_time !== undefined && Date.parse(start_time) < now.getTime(),
    );
    const series = hosted.find(({ type }) => type === 8);
    return past && series ? recordingsOf(host, past, series, now) : [];
  });
}

/** Recordings of more than three months, but none of today. The instances of the series share its meeting number. */
function recordingsOf(
  host: SandboxUser,
  past: SandboxMeeting,
  series: SandboxMeeting,
  now: Date,
): SandboxRecording[] {
  const plans: [SandboxMeeting, Plan][] = [
    [series, { daysAgo: 2, shared: true }],
    [past, { daysAgo: 7, uuid: past.uuid, bare: true }],
    [series, { daysAgo: 9, uuid: awkwardUuid('leading_slash'), passcode: 'Sbx-2Pass', shared: true }],
    [series, { daysAgo: 45, uuid: awkwardUuid('double_slash') }],
    [series, { daysAgo: 80, passcode: 'Sbx-3Pass', bare: true }],
    [series, { daysAgo: 110 }],
    [past, { daysAgo: 130, isMyNotes: true }],
  ];
  return plans.map(([meeting, plan]) => recordingOf(host, meeting, plan, now));
}

function recordingOf(host: SandboxUser, meeting: SandboxMeeting, plan: Plan, now: Date): SandboxRecording {
  const startMs = now.getTime() - plan.daysAgo * DAY_MS;
  const uuid = plan.uuid ?? meetingUuid();
  return {
    uuid,
    id: meeting.id,
    host_id: host.id,
    account_id: host.accountId,
    topic: meeting.topic,
    type: String(meeting.type),
    start_time: zoomDateTime(startMs),
    timezone: host.timezone ?? '',
    duration: 42,
    passcode: plan.passcode ?? '',
    isMyNotes: plan.isMyNotes ?? false,
    share_url: plan.shared ? `https://us04web.zoom.us/rec/share/${zoomIdentifier()}` : undefined,
    recording_files: filesOf(uuid, startMs, plan.bare ?? false),
  };
}

function filesOf(uuid: string, startMs: number, withBareFiles: boolean): RecordingFile[] {
  const common = () => ({
    meeting_id: uuid,
    recording_start: zoomDateTime(startMs),
    recording_end: zoomDateTime(startMs + 42 * 60_000),
    download_path: `/rec/download/${zoomIdentifier()}`,
  });
  const full = FULL_FILES.map(([file_type, file_extension, recording_type], index) => ({
    ...common(),
    id: randomUUID(),
    file_type,
    file_extension,
    recording_type,
    status: 'completed' as const,
    file_size: 1_000_000 * (FULL_FILES.length - index),
    play_url: `https://us04web.zoom.us/rec/play/${zoomIdentifier()}`,
  }));
  const bare = BARE_FILES.map(([file_type, file_extension]) => ({ ...common(), file_type, file_extension }));
  return withBareFiles ? [...full, ...bare] : full;
}

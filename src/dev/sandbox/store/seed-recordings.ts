import { randomUUID } from 'node:crypto';
import { meetingUuid, zoomIdentifier } from './identifiers.js';
import { zoomDateTime } from './local-time.js';
import { awkwardUuid } from './identifiers.js';
import { type SandboxMeeting } from './sandbox-meeting.js';
import { type RecordingFile, type SandboxRecording } from './sandbox-recording.js';
import { type MeetingStore } from './meeting-store.js';
import { type SandboxUser } from './sandbox-user.js';

const DAY_MS = 86_400_000;

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
}

/** The recordings of a fresh sandbox: those of every host who has both a past meeting and a series. */
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

/** Recordings over more than three months, none today; two are instances of one series and share its number. */
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
    ...{ file_type, file_extension, recording_type, status: 'completed' as const },
    file_size: 1_000_000 * (FULL_FILES.length - index),
    play_url: `https://us04web.zoom.us/rec/play/${zoomIdentifier()}`,
  }));
  const bare = BARE_FILES.map(([file_type, file_extension]) => ({ ...common(), file_type, file_extension }));
  return withBareFiles ? [...full, ...bare] : full;
}

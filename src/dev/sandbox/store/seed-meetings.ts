import { zoomDateTime } from './local-time.js';
import { awkwardUuid } from './identifiers.js';
import { createMeeting, type SandboxMeeting } from './sandbox-meeting.js';
import { type SandboxUser } from './sandbox-user.js';

const DAY_MS = 86_400_000;
const LICENSED_PLAIN_MEETINGS = 69;
const FREE_MEETINGS = 2;

/** The meetings of a fresh sandbox: 75 (6 of them traps) for a licensed host with an address, 2 for a free one. */
export function seedMeetings(hosts: readonly SandboxUser[], now: Date): SandboxMeeting[] {
  const licensed = hosts.find((host) => host.type === 2 && host.email && host.status === 'active');
  const free = hosts.find((host) => host.type === 1);
  return [
    ...(licensed ? trapMeetings(licensed, now) : []),
    ...(licensed ? plainMeetings(licensed, LICENSED_PLAIN_MEETINGS, now) : []),
    ...(free ? plainMeetings(free, FREE_MEETINGS, now) : []),
  ];
}

/** Plain scheduled meetings of a host, one a day from tomorrow on. */
export function plainMeetings(host: SandboxUser, count: number, now: Date): SandboxMeeting[] {
  return Array.from({ length: count }, (_, index) =>
    createMeeting(
      {
        host_id: host.id,
        topic: `Coaching session ${index + 1}`,
        start_time: zoomDateTime(now.getTime() + (index + 1) * DAY_MS),
        timezone: host.timezone || 'UTC',
        created_at: zoomDateTime(now.getTime() - 10 * DAY_MS),
      },
      now,
    ),
  );
}

/** Meetings that break careless clients: slashes in the UUID, no start time, a series, an over-long agenda. */
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

import { plainMeetings, trapMeetings } from './seed-meetings.js';
import { type SandboxMeeting } from './sandbox-meeting.js';
import { type SandboxUser } from './sandbox-user.js';

const LICENSED_PLAIN_MEETINGS = 69;
const FREE_MEETINGS = 2;

/** The meetings of all hosts. */
export class MeetingStore {
  private readonly meetings = new Map<number, SandboxMeeting>();

  /** Seeds 75 meetings (6 of them traps) for a licensed host with an address, 2 for a free one. */
  seed(hosts: readonly SandboxUser[], now: Date): void {
    const licensed = hosts.find((host) => host.type === 2 && host.email && host.status === 'active');
    const free = hosts.find((host) => host.type === 1);
    if (licensed) {
      this.addAll([...trapMeetings(licensed, now), ...plainMeetings(licensed, LICENSED_PLAIN_MEETINGS, now)]);
    }
    if (free) this.addAll(plainMeetings(free, FREE_MEETINGS, now));
  }

  addAll(meetings: readonly SandboxMeeting[]): void {
    for (const meeting of meetings) this.meetings.set(meeting.id, meeting);
  }

  replaceAll(meetings: readonly SandboxMeeting[]): void {
    this.meetings.clear();
    this.addAll(meetings);
  }

  list(): SandboxMeeting[] {
    return [...this.meetings.values()];
  }

  find(idOrUuid: string): SandboxMeeting | undefined {
    if (/^\d{9,11}$/.test(idOrUuid)) return this.meetings.get(Number(idOrUuid));
    return [...this.meetings.values()].find((meeting) => meeting.uuid === idOrUuid);
  }

  remove(meeting: SandboxMeeting): void {
    this.meetings.delete(meeting.id);
  }

  /** Meetings of one host by start time; those without one come last. */
  listByHost(hostId: string): SandboxMeeting[] {
    const startOf = (meeting: SandboxMeeting) =>
      meeting.start_time ? Date.parse(meeting.start_time) : Infinity;
    return [...this.meetings.values()]
      .filter((meeting) => meeting.host_id === hostId)
      .sort((a, b) => startOf(a) - startOf(b) || a.id - b.id);
  }
}

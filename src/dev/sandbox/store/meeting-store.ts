import { type SandboxMeeting } from './sandbox-meeting.js';

/** The meetings of all hosts. */
export class MeetingStore {
  private readonly meetings = new Map<number, SandboxMeeting>();

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

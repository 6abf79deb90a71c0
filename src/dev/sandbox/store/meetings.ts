import { meetingNumber, meetingUuid, zoomIdentifier } from './identifiers.js';
import { zoomDateTime } from './time.js';

/** 1 instant, 2 scheduled, 3 recurring without fixed time, 8 recurring with fixed time, 10 screen share only. */
type MeetingType = 1 | 2 | 3 | 8 | 10;

/** One occurrence of a recurring meeting. */
export interface Occurrence {
  occurrence_id: string;
  start_time: string;
  duration: number;
  status: 'available' | 'deleted';
  /** The agenda and the settings of this date, if they differ from those of the series. */
  agenda?: string;
  settings?: Record<string, unknown>;
}

/** A meeting with the field names of Zoom's API. */
export interface SandboxMeeting {
  uuid: string;
  id: number;
  host_id: string;
  topic: string;
  type: MeetingType;
  /** Zoom has no status for a meeting that has ended. */
  status: 'waiting' | 'started';
  hasEnded?: boolean;
  /** The host's personal meeting id, if the meeting takes place in the personal room. */
  pmi?: string;
  /** In UTC. Absent for type 3. */
  start_time?: string | undefined;
  duration: number;
  timezone: string;
  agenda: string;
  created_at: string;
  password: string;
  settings: Record<string, unknown>;
  recurrence?: Record<string, unknown> | undefined;
  occurrences?: Occurrence[] | undefined;
  pre_schedule: boolean;
}

/** Makes a meeting. The defaults describe a scheduled meeting with random ids. */
export function createMeeting(
  partial: Partial<SandboxMeeting> & Pick<SandboxMeeting, 'host_id'>,
  now: Date,
): SandboxMeeting {
  const defaults: Omit<SandboxMeeting, 'host_id'> = {
    uuid: meetingUuid(),
    id: meetingNumber(),
    topic: 'Coaching session',
    type: 2,
    status: 'waiting',
    duration: 60,
    timezone: 'UTC',
    agenda: '',
    created_at: zoomDateTime(now),
    password: zoomIdentifier()
      .replaceAll(/[^A-Za-z0-9]/g, '')
      .slice(0, 6),
    settings: {},
    pre_schedule: false,
  };
  return { ...defaults, ...partial };
}

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

  /** The meetings of a host by start time. Those without a start time come last. */
  listByHost(hostId: string): SandboxMeeting[] {
    const startOf = (meeting: SandboxMeeting) =>
      meeting.start_time ? Date.parse(meeting.start_time) : Infinity;
    return [...this.meetings.values()]
      .filter((meeting) => meeting.host_id === hostId)
      .sort((a, b) => startOf(a) - startOf(b) || a.id - b.id);
  }
}

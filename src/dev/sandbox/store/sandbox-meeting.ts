import { zoomDateTime } from './local-time.js';
import { meetingNumber, meetingUuid, zoomIdentifier } from './identifiers.js';

/** 1 instant, 2 scheduled, 3 recurring without fixed time, 8 recurring with fixed time, 10 screen share only. */
export type MeetingType = 1 | 2 | 3 | 8 | 10;

/** One date of a recurring meeting. */
export interface Occurrence {
  occurrence_id: string;
  start_time: string;
  duration: number;
  status: 'available' | 'deleted';
}

/** A meeting as the sandbox keeps it, in the words of Zoom's API. */
export interface SandboxMeeting {
  uuid: string;
  id: number;
  host_id: string;
  topic: string;
  type: MeetingType;
  status: 'waiting' | 'started';
  /** UTC; absent for type 3. */
  start_time?: string;
  duration: number;
  timezone: string;
  agenda: string;
  created_at: string;
  password: string;
  settings: Record<string, unknown>;
  recurrence?: Record<string, unknown>;
  occurrences?: Occurrence[];
  pre_schedule: boolean;
}

/** Fills a partly described meeting up to a scheduled one with ids that look real. */
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

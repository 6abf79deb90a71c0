import { localToUtc, zoomDateTime } from '../../store/time.js';
import { type SandboxMeeting } from '../../store/meetings.js';
import { type SandboxUser } from '../../store/users.js';
import { validationFailed } from '../api-error.js';
import { occurrencesOf, type Recurrence } from './recurrence.js';
import { type MeetingInput } from './validate-meeting.js';

const DATE_FIELDS = ['type', 'start_time', 'duration', 'timezone', 'recurrence'] as const;

/** The parts of a meeting that a create or update request decides; `current` is empty for a new one. */
export function meetingParts(
  input: MeetingInput,
  host: SandboxUser,
  current: Partial<SandboxMeeting>,
  now: Date,
): Partial<SandboxMeeting> {
  const { recurrence, settings, ...plain } = input;
  const timezone = input.timezone ?? current.timezone ?? (host.timezone || 'UTC');
  const type = input.type ?? current.type ?? 2;
  const start_time = futureStart(input, timezone, now) ?? current.start_time ?? zoomDateTime(now);
  const parts = {
    ...plain,
    ...{ type, timezone, start_time: type === 3 ? undefined : start_time },
    duration: input.duration ?? current.duration ?? 60,
    recurrence: recurrence ?? current.recurrence,
    settings: { ...current.settings, ...allowedSettings(settings ?? {}, host) },
  };
  if (type !== 8) return { ...parts, occurrences: undefined };
  const isMoved = DATE_FIELDS.some((field) => input[field] !== undefined);
  return { ...parts, occurrences: isMoved ? seriesOf(parts) : current.occurrences };
}

function seriesOf({ start_time = '', duration = 60, timezone = 'UTC', recurrence }: Partial<SandboxMeeting>) {
  const rule = recurrence as Recurrence | undefined;
  if (rule?.type === undefined) throw validationFailed('recurrence');
  return occurrencesOf(new Date(start_time), duration, timezone, rule);
}

// A start in the past is not refused but silently ignored: an update keeps the old start, a new meeting starts now.
function futureStart({ start_time }: MeetingInput, timezone: string, now: Date): string | undefined {
  if (start_time === undefined) return undefined;
  const start = start_time.endsWith('Z') ? new Date(start_time) : localToUtc(start_time, timezone);
  return start > now ? zoomDateTime(start) : undefined;
}

// Zoom answers success and drops what the host's licence does not cover.
function allowedSettings(settings: Record<string, unknown>, host: SandboxUser): Record<string, unknown> {
  if (host.type !== 1) return settings;
  const isLicensedOnly = (name: string) => name.startsWith('registrants_') || name === 'breakout_room';
  return Object.fromEntries(Object.entries(settings).filter(([name]) => !isLicensedOnly(name)));
}

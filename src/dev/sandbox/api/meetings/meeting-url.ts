import { createHash } from 'node:crypto';
import { type SandboxMeeting } from '../../store/meetings.js';

/** What participants open; the passcode travels in it. */
export function joinUrl(meeting: SandboxMeeting): string {
  return `https://us04web.zoom.us/j/${meeting.id}?pwd=${encryptedPassword(meeting)}`;
}

/** The passcode as it stands in join links. */
export function encryptedPassword(meeting: SandboxMeeting): string {
  return createHash('sha256').update(`${meeting.id}:${meeting.password}`).digest('base64url').slice(0, 32);
}

import { type SandboxMeeting } from '../../store/meetings.js';
import { type SandboxUser } from '../../store/users.js';
import { noSuchMeeting } from '../api-error.js';
import { type ApiCall } from '../api-route.js';
import { meetingKeyOf } from '../path-key.js';
import { mayActFor } from '../users/resolve-user.js';

/** The meeting in the path and its host; somebody else's meeting does not exist for this token. */
export function findMeeting(call: ApiCall): { meeting: SandboxMeeting; host: SandboxUser } {
  const { key, isReachable } = meetingKeyOf(call.request);
  const meeting = isReachable ? call.state.meetings.find(key) : undefined;
  const host = meeting && call.state.users.find(meeting.host_id);
  if (!meeting || !host || !mayActFor(call, host)) throw noSuchMeeting(key);
  return { meeting, host };
}

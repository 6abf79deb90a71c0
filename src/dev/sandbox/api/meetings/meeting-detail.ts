import { randomBytes } from 'node:crypto';
import { type SandboxMeeting } from '../../store/meetings.js';
import { type SandboxUser } from '../../store/users.js';
import { encryptedPassword, joinUrl } from './meeting-url.js';

/** A meeting as create and get answer it; `start_url` is a host credential, new in every answer. */
export function meetingDetail(meeting: SandboxMeeting, host: SandboxUser) {
  const { agenda, ...rest } = meeting;
  const numericPassword = String(meeting.id % 1_000_000).padStart(6, '0');
  return {
    ...rest,
    agenda: agenda || undefined,
    host_email: host.email,
    assistant_id: '',
    start_url: `https://us04web.zoom.us/s/${meeting.id}?zak=${fakeZak()}`,
    join_url: joinUrl(meeting),
    chat_join_url: `https://us04web.zoom.us/launch/jc/${meeting.id}`,
    h323_password: numericPassword,
    pstn_password: numericPassword,
    encrypted_password: encryptedPassword(meeting),
    creation_source: 'open_api',
  };
}

function fakeZak(): string {
  return ['{"typ":"JWT","alg":"HS256"}', '{"iss":"web"}']
    .map((part) => Buffer.from(part).toString('base64url'))
    .concat(randomBytes(32).toString('base64url'))
    .join('.');
}

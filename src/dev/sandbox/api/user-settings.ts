import { type SandboxUser } from '../store/users.js';
import { resolveUser } from './access.js';
import { type ApiRoute } from './api-call.js';

/** `GET /v2/users/{userId}/settings`: what the user has set for meetings, or the account for the user. */
export const getUserSettings: ApiRoute = {
  method: 'GET',
  url: '/v2/users/:userId/settings',
  scope: 'user:read:settings',
  label: 'Medium',
  handle: (call) => settingsOf(resolveUser(call)),
};

function settingsOf(user: SandboxUser) {
  const isPaid = user.type === 2;
  return {
    schedule_meeting: {
      host_video: true,
      participants_video: true,
      audio_type: 'both',
      join_before_host: false,
      jbh_time: 0,
      use_pmi_for_scheduled_meetings: user.usePmi ?? false,
      use_pmi_for_instant_meetings: false,
      require_password_for_scheduling_new_meetings: true,
      require_password_for_instant_meetings: true,
      require_password_for_pmi_meetings: 'all',
      default_password_for_scheduled_meetings: '',
      embed_password_in_join_link: true,
      meeting_password_requirement: {
        length: 0,
        have_letter: false,
        have_number: false,
        have_special_character: false,
        only_allow_numeric: false,
      },
    },
    in_meeting: { waiting_room: false, chat: true, private_chat: true, breakout_room: isPaid },
    recording: { local_recording: true, cloud_recording: isPaid, auto_recording: 'none' },
    feature: { meeting_capacity: 100, webinar: false, zoom_phone: false },
  };
}

/** Complete answers of Zoom: each holds every field that the product reads, and some that it does not. */
export const PROFILE = {
  id: 'KDcuGIm1QgePTO8WbOqwIQ',
  account_id: 'AB8CDUxJQm2a1b2C3d4e5f',
  email: 'coach@example.com',
  first_name: 'Ada',
  last_name: 'Coach',
  display_name: 'Ada Coach',
  type: 2,
  timezone: 'Europe/Berlin',
  language: 'en-US',
  pic_url: 'https://us06web.zoom.us/p/v2/picture',
  personal_meeting_url: 'https://us06web.zoom.us/j/3333333333?pwd=abc',
  status: 'active',
  pmi: 3333333333,
  phone_numbers: [{ country: 'DE', number: '0', label: 'Mobile', verified: true }],
  group_ids: ['one'],
};

/** Of meetings and recordings; another one than the id of the profile, so that the two cannot be confused. */
export const HOST_ID = 'HbcuGIm1QgePTO8WbOqwIQ';

const LISTED_MEETING = {
  id: 86000000001,
  uuid: 'aBcDeFgHiJkLmNoPqRsTuA==',
  host_id: HOST_ID,
  topic: 'First lesson',
  type: 8,
  start_time: '2030-01-15T18:00:00Z',
  duration: 60,
  timezone: 'Europe/Berlin',
  created_at: '2029-12-01T08:00:00Z',
  join_url: 'https://us06web.zoom.us/j/86000000001?pwd=abc',
  agenda: 'Scales',
  pmi: 0,
};

export const MEETING = {
  ...LISTED_MEETING,
  host_email: PROFILE.email,
  assistant_id: '',
  status: 'waiting',
  password: 'Passcode1',
  start_url: 'https://us06web.zoom.us/s/86000000001?zak=abc',
  settings: {
    waiting_room: true,
    join_before_host: false,
    mute_upon_entry: true,
    host_video: false,
    participant_video: true,
    auto_recording: 'cloud',
    jbh_time: 0,
    approved_or_denied_countries_or_regions: { enable: false },
  },
  occurrences: [
    {
      occurrence_id: '1894730400000',
      start_time: '2030-01-15T18:00:00Z',
      duration: 60,
      status: 'available',
    },
    {
      occurrence_id: 1895335200000,
      start_time: '2030-01-22T18:00:00Z',
      duration: 45,
      status: 'deleted',
    },
  ],
  recurrence: { type: 2, repeat_interval: 1, weekly_days: '3', end_times: 2 },
  tracking_fields: [],
};

export const MEETING_LIST = {
  next_page_token: 'page-2',
  page_size: 2,
  total_records: 3,
  meetings: [LISTED_MEETING, { ...LISTED_MEETING, id: '86000000002', type: 2, topic: 'Second lesson' }],
};

export const RECORDING = {
  uuid: 'bBcDeFgHiJkLmNoPqRsTuA==',
  id: 86000000003,
  account_id: PROFILE.account_id,
  host_id: HOST_ID,
  topic: 'Recorded lesson',
  type: '2',
  start_time: '2026-01-10T18:00:00Z',
  timezone: 'Europe/Berlin',
  duration: 42,
  total_size: 8_000_000_000,
  recording_count: 2,
  share_url: 'https://us06web.zoom.us/rec/share/abc',
  password: 'Passcode2',
  recording_files: [
    {
      id: 'file-1',
      meeting_id: 'bBcDeFgHiJkLmNoPqRsTuA==',
      recording_start: '2026-01-10T18:01:00Z',
      recording_end: '2026-01-10T18:43:00Z',
      file_type: 'MP4',
      file_extension: 'MP4',
      file_size: 7_999_000_000,
      play_url: 'https://us06web.zoom.us/rec/play/abc',
      download_url: 'https://us06web.zoom.us/rec/download/abc',
      status: 'completed',
      recording_type: 'shared_screen_with_speaker_view',
    },
    {
      id: 'file-2',
      recording_start: '2026-01-10T18:02:00Z',
      recording_end: '2026-01-10T18:42:00Z',
      file_type: 'CHAT',
      file_extension: 'TXT',
      file_size: 100,
      play_url: 'https://us06web.zoom.us/rec/play/def',
      download_url: 'https://us06web.zoom.us/rec/download/def',
      status: 'processing',
      recording_type: 'chat_file',
    },
  ],
  participant_audio_files: [],
};

export const RECORDING_LIST = {
  from: '2025-12-16',
  to: '2026-01-15',
  next_page_token: 'page-2',
  page_size: 2,
  total_records: 3,
  meetings: [RECORDING, { ...RECORDING, id: 86000000004, uuid: 'cBcDeFgHiJkLmNoPqRsTuA==' }],
};

import { type SandboxRecording } from '../../store/recordings.js';

/** A recording as both list and get answer it. */
export function recordingDetail(
  { passcode, recording_files, ...recording }: SandboxRecording,
  baseUrl: string,
) {
  return {
    ...recording,
    total_size: recording_files.reduce((sum, { file_size = 0 }) => sum + file_size, 0),
    recording_count: recording_files.length,
    recording_play_passcode: passcode && Buffer.from(passcode).toString('base64url'),
    auto_delete: false,
    recording_files: recording_files.map(({ download_path, ...file }) => ({
      ...file,
      download_url: `${baseUrl}${download_path}`,
    })),
  };
}

/** One file of a recording, in the words of Zoom's API; CC and TIMELINE files lack the optional fields. */
export interface RecordingFile {
  id?: string;
  meeting_id: string;
  recording_start: string;
  recording_end: string;
  file_type: string;
  file_extension: string;
  file_size?: number;
  play_url?: string;
  /** Path of the download below the sandbox's own address. */
  download_path: string;
  status?: 'completed';
  recording_type?: string;
}

/** The cloud recording of one meeting instance. */
export interface SandboxRecording {
  uuid: string;
  id: number;
  host_id: string;
  account_id: string;
  topic: string;
  /** A string here, unlike everywhere else. */
  type: string;
  start_time: string;
  timezone: string;
  duration: number;
  /** Empty when anybody with the link may watch. */
  passcode: string;
  share_url?: string;
  recording_files: RecordingFile[];
}

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

/** The cloud recordings of all hosts. */
export class RecordingStore {
  private recordings: SandboxRecording[] = [];

  replaceAll(recordings: readonly SandboxRecording[]): void {
    this.recordings = [...recordings];
  }

  list(): SandboxRecording[] {
    return [...this.recordings];
  }

  /** Recordings of one host, newest first. */
  listByHost(hostId: string): SandboxRecording[] {
    return this.newestFirst().filter((recording) => recording.host_id === hostId);
  }

  /** One instance by UUID, or the latest instance of a meeting number. */
  find(key: string): SandboxRecording | undefined {
    return this.newestFirst().find(({ uuid, id }) => uuid === key || String(id) === key);
  }

  /** The recording and the file behind a download path. */
  findFile(downloadPath: string): { recording: SandboxRecording; file: RecordingFile } | undefined {
    for (const recording of this.recordings) {
      const file = recording.recording_files.find(({ download_path }) => download_path === downloadPath);
      if (file) return { recording, file };
    }
    return undefined;
  }

  private newestFirst(): SandboxRecording[] {
    return [...this.recordings].sort((a, b) => Date.parse(b.start_time) - Date.parse(a.start_time));
  }
}

/**
 * One file of a recording, with the field names of Zoom's API. CC and TIMELINE files do not have the optional fields.
 */
export interface RecordingFile {
  id?: string;
  meeting_id: string;
  recording_start: string;
  recording_end: string;
  file_type: string;
  file_extension: string;
  file_size?: number;
  play_url?: string;
  /** The path of the download, relative to the sandbox's base URL. */
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
  /** A string for recordings only. The type of a meeting is a number. */
  type: string;
  start_time: string;
  timezone: string;
  duration: number;
  /** Empty if everybody with the link may watch. */
  passcode: string;
  share_url: string | undefined;
  /** Whether this is a recording of My Notes and not one in the cloud. */
  isMyNotes?: boolean;
  recording_files: RecordingFile[];
}

export class RecordingStore {
  private recordings: SandboxRecording[] = [];

  replaceAll(recordings: readonly SandboxRecording[]): void {
    this.recordings = [...recordings];
  }

  list(): SandboxRecording[] {
    return [...this.recordings];
  }

  /** The recordings of a host, newest first. */
  listByHost(hostId: string): SandboxRecording[] {
    return this.newestFirst().filter((recording) => recording.host_id === hostId);
  }

  /** Finds the instance with a UUID, or the latest instance of a meeting number. */
  find(key: string): SandboxRecording | undefined {
    return this.newestFirst().find(({ uuid, id }) => uuid === key || String(id) === key);
  }

  /** Finds a file by its download path. */
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

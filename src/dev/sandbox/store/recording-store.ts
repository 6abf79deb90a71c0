import { type RecordingFile, type SandboxRecording } from './sandbox-recording.js';

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

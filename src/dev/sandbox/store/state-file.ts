import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { type GrantSnapshot } from './grant-store.js';
import { type SandboxMeeting } from './sandbox-meeting.js';
import { type SandboxRecording } from './sandbox-recording.js';
import { type SandboxState } from './sandbox-state.js';
import { type SandboxUser } from './sandbox-user.js';

const VERSION = 1;

interface StateFile {
  version: number;
  clockOffsetMs: number;
  users: SandboxUser[];
  meetings: SandboxMeeting[];
  recordings: SandboxRecording[];
  grants: GrantSnapshot;
}

/** Takes over what an earlier sandbox left in a file; a missing, damaged or foreign file changes nothing. */
export function loadState(state: SandboxState, path: string): void {
  const saved = read(path);
  if (saved?.version !== VERSION) return;
  state.clock.advance(saved.clockOffsetMs);
  state.users.replaceAll(saved.users);
  state.meetings.replaceAll(saved.meetings);
  state.recordings.replaceAll(saved.recordings);
  state.grants.restore(saved.grants);
}

/**
 * Writes what must outlive the process: users, meetings, recordings and living grants. Synchronous, and made before
 * the answer leaves: a token that a client holds must be known after a crash.
 */
export function saveState(state: SandboxState, path: string): void {
  const content: StateFile = {
    version: VERSION,
    clockOffsetMs: state.clock.offset,
    users: state.users.list(),
    meetings: state.meetings.list(),
    recordings: state.recordings.list(),
    grants: state.grants.snapshot(),
  };
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${path}.draft`;
  writeFileSync(draft, JSON.stringify(content), { mode: 0o600 });
  renameSync(draft, path);
}

function read(path: string): StateFile | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as StateFile;
  } catch {
    return undefined;
  }
}

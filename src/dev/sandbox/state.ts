import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { AppRegistry, type SandboxApp } from './store/apps.js';
import { FaultQueue } from './http/faults.js';
import { type GrantSnapshot, GrantStore } from './store/grant-store.js';
import { MeetingStore, type SandboxMeeting } from './store/meetings.js';
import { AuthorizationCodes, ConsentRequests } from './store/pending-authorizations.js';
import { RateLimiter } from './store/rate-limiter.js';
import { RecordingStore, type SandboxRecording } from './store/recordings.js';
import { seedMeetings, seedRecordings } from './store/seeds.js';
import { DEFAULT_SETTINGS, type SandboxSettings } from './store/settings.js';
import { OpaqueTokens } from './store/signed-tokens.js';
import { MovableClock } from './store/time.js';
import { Counters, RequestLog } from './store/traffic.js';
import { type SandboxUser, UserDirectory } from './store/users.js';
import { EventSubscription } from './webhooks/endpoint.js';
import { WebhookOutbox } from './webhooks/webhook-outbox.js';

const STATE_FILE_VERSION = 1;

/** All data of the sandbox, in memory. */
export interface SandboxState {
  /** The base URL of the sandbox. Empty until the server listens. */
  baseUrl: string;
  readonly clock: MovableClock;
  readonly settings: SandboxSettings;
  readonly apps: AppRegistry;
  readonly users: UserDirectory;
  readonly meetings: MeetingStore;
  readonly consentRequests: ConsentRequests;
  readonly codes: AuthorizationCodes;
  readonly grants: GrantStore;
  readonly recordings: RecordingStore;
  /** For page tokens, download tokens and signed download addresses. */
  readonly opaqueTokens: OpaqueTokens;
  readonly rateLimiter: RateLimiter;
  readonly webhooks: WebhookOutbox;
  /** The event subscription of the user-managed app. */
  readonly subscription: EventSubscription;
  readonly faults: FaultQueue;
  readonly counters: Counters;
  readonly requestLog: RequestLog;
}

export interface InitialState {
  clock: () => Date;
  settings: Partial<SandboxSettings>;
  app: Partial<SandboxApp>;
}

/** A new state with the default apps, users, meetings and recordings. */
export function createState(initial: InitialState): SandboxState {
  const clock = new MovableClock(initial.clock);
  const settings = { ...DEFAULT_SETTINGS, ...initial.settings };
  const users = new UserDirectory(clock.now());
  const meetings = new MeetingStore();
  meetings.addAll(seedMeetings(users.list(), clock.now()));
  const recordings = new RecordingStore();
  recordings.replaceAll(seedRecordings(users.list(), meetings, clock.now()));
  return {
    baseUrl: '',
    clock,
    settings,
    apps: new AppRegistry(initial.app),
    users,
    meetings,
    consentRequests: new ConsentRequests(clock),
    codes: new AuthorizationCodes(clock),
    grants: new GrantStore(clock, settings),
    recordings,
    opaqueTokens: new OpaqueTokens(clock),
    rateLimiter: new RateLimiter(clock),
    webhooks: new WebhookOutbox(clock),
    subscription: new EventSubscription(),
    faults: new FaultQueue(),
    counters: new Counters(),
    requestLog: new RequestLog(),
  };
}

interface StateFile {
  version: number;
  clockOffsetMs: number;
  users: SandboxUser[];
  meetings: SandboxMeeting[];
  recordings: SandboxRecording[];
  grants: GrantSnapshot;
}

/**
 * Restores the state that an earlier process saved. A missing or damaged file, or one of another version, is ignored.
 */
export function loadState(state: SandboxState, path: string): void {
  const saved = read(path);
  if (saved?.version !== STATE_FILE_VERSION) return;
  state.clock.advance(saved.clockOffsetMs);
  state.users.replaceAll(saved.users);
  state.meetings.replaceAll(saved.meetings);
  state.recordings.replaceAll(saved.recordings);
  state.grants.restore(saved.grants);
}

/**
 * Writes users, meetings, recordings and the grants that are alive. It is synchronous and runs before an answer is
 * sent, so that a token which a client received is still known after a crash.
 */
export function saveState(state: SandboxState, path: string): void {
  const content: StateFile = {
    version: STATE_FILE_VERSION,
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

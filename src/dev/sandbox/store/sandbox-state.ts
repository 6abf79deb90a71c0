import { AppRegistry } from './app-registry.js';
import { AuthorizationCodes } from './authorization-codes.js';
import { ConsentRequests } from './consent-requests.js';
import { Counters } from './counters.js';
import { FaultQueue } from './fault-queue.js';
import { GrantStore } from './grant-store.js';
import { MeetingStore } from './meeting-store.js';
import { MovableClock } from './movable-clock.js';
import { RateLimiter } from './rate-limiter.js';
import { RecordingStore } from './recording-store.js';
import { RequestLog } from './request-log.js';
import { type SandboxApp } from './sandbox-app.js';
import { seedMeetings } from './seed-meetings.js';
import { seedRecordings } from './seed-recordings.js';
import { SealedTokens } from './sealed-tokens.js';
import { DEFAULT_SETTINGS, type SandboxSettings } from './settings.js';
import { WebhookOutbox } from '../webhooks/webhook-outbox.js';
import { UserDirectory } from './user-directory.js';

/** Everything that the sandbox knows, in memory. */
export interface SandboxState {
  /** Where the sandbox listens; known once it does. */
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
  /** Page tokens, download tokens and signed download addresses. */
  readonly sealed: SealedTokens;
  readonly rateLimiter: RateLimiter;
  readonly webhooks: WebhookOutbox;
  /** The event subscription of the user-managed app. */
  readonly subscription: { failedValidations: number };
  readonly faults: FaultQueue;
  readonly counters: Counters;
  readonly requestLog: RequestLog;
}

/** How a fresh state differs from the default one. */
export interface InitialState {
  clock: () => Date;
  settings: Partial<SandboxSettings>;
  app?: Partial<SandboxApp>;
}

/** A fresh state with its default app, users and meetings. */
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
    sealed: new SealedTokens(clock),
    rateLimiter: new RateLimiter(clock),
    webhooks: new WebhookOutbox(clock),
    subscription: { failedValidations: 0 },
    faults: new FaultQueue(),
    counters: new Counters(),
    requestLog: new RequestLog(),
  };
}

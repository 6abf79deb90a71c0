import { type CounterSnapshot, type LoggedRequest } from '../store/traffic.js';
import { type Fault } from '../http/faults.js';
import { type NamedAnswerView } from '../http/named-answers.js';
import { type SandboxApp } from '../store/apps.js';
import { type SandboxUser } from '../store/users.js';
import { type EndpointValidation, type WebhookMessage } from '../webhooks/endpoint.js';
import { type WebhookDelivery } from '../webhooks/webhook-outbox.js';
import { type RotationPolicy, type SandboxSettings } from '../store/settings.js';

/** A grant without its tokens. */
export interface GrantView {
  id: string;
  clientId: string;
  zoomUserId: string;
  email: string | null;
  scopes: string[];
  alive: boolean;
  authorizedAt: string;
  /** How many access tokens are accepted now. */
  accessTokens: number;
  refreshCount: number;
}

/** An event to send on demand. The default is `app_deauthorized` for the first user. */
export interface WebhookOrder extends Partial<WebhookMessage> {
  /** How many copies are sent at the same time. Default: 1. */
  times?: number;
  /** The user of `app_deauthorized`. Default: the first user. */
  zoomUserId?: string;
}

/** Which requests get a named answer, and how many. The defaults are those of the answer, and one request. */
export type AnswerOptions = Partial<Pick<Fault, 'target' | 'method' | 'path' | 'times' | 'work'>>;

/**
 * What a test or an operator can do that no client of Zoom can. The same methods are available over HTTP as
 * `POST /sandbox/control/<method>` with a JSON array of arguments.
 */
export interface SandboxControl {
  /** Moves the clock forward by `ms` and sends the webhooks that are due then. */
  advanceClock(ms: number): Promise<void>;
  /** The time of the sandbox's clock, ISO 8601 in UTC. */
  now(): string;
  setRotation(rotation: RotationPolicy, graceMs?: number): void;
  /** Changes settings and returns all of them. */
  configure(settings: Partial<SandboxSettings>): SandboxSettings;
  /** Changes the user-managed app or, with a client id, another app. */
  updateApp(changes: Partial<SandboxApp>, clientId?: string): SandboxApp;
  injectFault(fault: Fault): void;
  /** Plays an answer of `namedAnswers()` to the next request that it is for. Throws if there is no such answer. */
  answer(name: string, options?: AnswerOptions): void;
  /** The answers of Zoom that can be played by name. */
  namedAnswers(): NamedAnswerView[];
  /** Removes all faults and ends the delays that are in progress. */
  clearFaults(): void;
  counters(): CounterSnapshot;
  requests(): LoggedRequest[];
  /** Resets the counters and empties the request log. */
  resetCounters(): void;
  grants(): GrantView[];
  isAccessTokenLive(token: string): boolean;
  isRefreshTokenLive(token: string): boolean;
  /**
   * Decides Allow for a user without a browser, with all optional scopes. The default is the first user. Returns the
   * callback address to which Zoom redirects the browser.
   */
  approve(authorizationUrl: string, zoomUserId?: string): string;
  /** Decides Decline without a browser. Returns the callback address to which Zoom redirects the browser. */
  decline(authorizationUrl: string): string;
  users(): SandboxUser[];
  addUser(user?: Partial<SandboxUser>): SandboxUser;
  /** Adds scheduled meetings and returns their ids. */
  addMeetings(zoomUserId: string, count: number): number[];
  /** Makes a meeting begin: it is live, and Zoom refuses to delete it (3002). Throws if there is no such meeting. */
  startMeeting(meetingId: number): void;
  /** Makes a meeting end: Zoom refuses to delete it (3007). Throws if there is no such meeting. */
  endMeeting(meetingId: number): void;
  /**
   * Ends the user's grant as the Remove button of the Marketplace does. Resolves with false if there was no grant.
   * For a published app, resolves after the first attempt to send `app_deauthorized`.
   */
  uninstall(zoomUserId: string): Promise<boolean>;
  /** Sends an event to the user-managed app. Resolves after the first attempt of each copy. */
  sendWebhook(order?: WebhookOrder): Promise<WebhookDelivery[]>;
  /** All events so far, with their attempts. */
  webhooks(): WebhookDelivery[];
  /** Sends the challenge of an endpoint validation to the user-managed app. */
  validateEndpoint(): Promise<EndpointValidation>;
  /** Makes the sandbox new on the same port: the initial app, users, settings and clock; no grants, no faults. */
  reset(): void;
}

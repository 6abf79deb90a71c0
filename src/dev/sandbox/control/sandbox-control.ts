import { type CounterSnapshot, type LoggedRequest } from '../store/traffic.js';
import { type Fault } from '../http/faults.js';
import { type SandboxApp } from '../store/apps.js';
import { type SandboxUser } from '../store/users.js';
import { type EndpointValidation, type WebhookMessage } from '../webhooks/endpoint.js';
import { type WebhookDelivery } from '../webhooks/webhook-outbox.js';
import { type RotationPolicy, type SandboxSettings } from '../store/settings.js';

/** A grant as the control interface shows it. */
export interface GrantView {
  id: string;
  clientId: string;
  zoomUserId: string;
  email: string | null;
  scopes: string[];
  alive: boolean;
  authorizedAt: string;
  /** How many of its access tokens are alive. */
  accessTokens: number;
  refreshCount: number;
}

/** An event to be sent on demand; by default the removal of the app by the first user. */
export interface WebhookOrder extends Partial<WebhookMessage> {
  /** How many copies are sent, at once. */
  times?: number;
  /** Whom `app_deauthorized` is about. */
  zoomUserId?: string;
}

/**
 * What a test or an operator may do behind Zoom's back. The same methods answer over HTTP as
 * `POST /sandbox/control/<method>` with a JSON array of arguments.
 */
export interface SandboxControl {
  /** Moves the clock forward and sends the webhooks that fell due. */
  advanceClock(ms: number): Promise<void>;
  /** The sandbox's time, ISO 8601. */
  now(): string;
  setRotation(rotation: RotationPolicy, graceMs?: number): void;
  /** Changes any other switch. */
  configure(settings: Partial<SandboxSettings>): SandboxSettings;
  /** Changes the user-managed app, or the one with the given client id. */
  updateApp(changes: Partial<SandboxApp>, clientId?: string): SandboxApp;
  injectFault(fault: Fault): void;
  /** Drops the faults that wait for their request, and ends delays under way. */
  clearFaults(): void;
  counters(): CounterSnapshot;
  requests(): LoggedRequest[];
  /** Zeroes the counters and empties the request log. */
  resetCounters(): void;
  grants(): GrantView[];
  isAccessTokenLive(token: string): boolean;
  isRefreshTokenLive(token: string): boolean;
  /**
   * Takes the user's decision without a browser: the callback address that Allow leads to, for the first user when
   * none is named, all optional scopes ticked.
   */
  approve(authorizationUrl: string, zoomUserId?: string): string;
  /** The callback address that Decline leads to. */
  decline(authorizationUrl: string): string;
  users(): SandboxUser[];
  addUser(user?: Partial<SandboxUser>): SandboxUser;
  /** Adds plain scheduled meetings and returns their ids. */
  addMeetings(zoomUserId: string, count: number): number[];
  /**
   * Ends the user's grant as the Marketplace's Remove does; false when there was none. Settles when a published app
   * has been told, or could not be.
   */
  uninstall(zoomUserId: string): Promise<boolean>;
  /** Sends an event to the user-managed app; settles with the first attempts. */
  sendWebhook(order?: WebhookOrder): Promise<WebhookDelivery[]>;
  /** Every event so far, with its attempts. */
  webhooks(): WebhookDelivery[];
  /** Sends the endpoint validation challenge. */
  validateEndpoint(): Promise<EndpointValidation>;
  /** Back to a fresh sandbox on the same port: default app and users, no grants, no faults, clock unmoved. */
  reset(): void;
}

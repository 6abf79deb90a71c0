import { parseJson } from '../lib/foreign-text.js';
import { type RemovalTime } from '../grants/disconnect/deauthorizations.js';
import { readInstant } from './read-instant.js';

/** The events that this product acts on. All others are accepted and ignored. */
export type WebhookEvent =
  | { kind: 'url_validation'; plainToken: string }
  /** A user has removed an app: ours if `clientId` is undefined, because we hold the secret that signed the event. */
  | { kind: 'app_deauthorized'; zoomUserId: string; clientId: string | undefined; removal: RemovalTime }
  /** A user has removed an app, and the event does not tell which user. */
  | { kind: 'unknown_user' }
  | { kind: 'other' };

type Fields = Record<string, unknown>;

const MINUTE_MS = 60_000;
/** Zoom repeats an event after 5, 20 and 60 minutes (docs/zoom-protocol.md §7). A few minutes are for slow clocks. */
const LAST_REPEAT_MS = (5 + 20 + 60 + 5) * MINUTE_MS;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** A time that is further ahead of its arrival is none. A local time without its zone is up to 14 hours ahead. */
const MAX_AHEAD_MS = DAY_MS;
/** A time that is longer ago is none. This is far more than any delay at Zoom. */
const MAX_AGE_MS = 30 * DAY_MS;
const NAMES_ZONE = /(^\d+(\.\d+)?|Z|[+-]\d\d:?\d\d)$/i;

/**
 * Reads the body of a verified webhook. The fields of an event are looked for in the payload, in the payload's `object`
 * and beside the payload, because Zoom's events differ in that (docs/zoom-protocol.md §7). A number counts as its text.
 * Undefined when the body is not an event.
 */
export function parseWebhook(rawBody: Buffer, receivedAt: Date): WebhookEvent | undefined {
  // A byte order mark is no JSON (RFC 8259 §8.1), but the signature includes it.
  const body = fieldsOf(parseJson(rawBody.toString('utf8')));
  const event = textOf(body['event'])?.trim();
  if (event === undefined) return undefined;
  const payload = fieldsOf(body['payload']);
  const places = [payload, fieldsOf(payload['object']), body];
  if (event === 'endpoint.url_validation') {
    const [plainToken] = textsIn(places, 'plainToken');
    return plainToken === undefined ? { kind: 'other' } : { kind: 'url_validation', plainToken };
  }
  return event === 'app_deauthorized' ? parseDeauthorization(places, receivedAt) : { kind: 'other' };
}

function parseDeauthorization(places: readonly Fields[], receivedAt: Date): WebhookEvent {
  const zoomUserId = textsIn(places, 'user_id')[0]?.trim();
  if (zoomUserId === undefined) return { kind: 'unknown_user' };
  const clientId = textsIn(places, 'client_id')[0]?.trim();
  return { kind: 'app_deauthorized', zoomUserId, clientId, removal: removalTime(places, receivedAt) };
}

/**
 * When the app was removed: the time that the event names, else the time of the event. Without both it is known only that
 * Zoom has sent the event now, or has been trying to for so long as it repeats an event.
 */
function removalTime(places: readonly Fields[], receivedAt: Date): RemovalTime {
  const named = textsIn(places, 'deauthorization_time');
  // A time without its zone may be hours off, so the time of the event is better.
  const candidates = [
    ...named.filter((text) => NAMES_ZONE.test(text.trim())),
    ...textsIn(places, 'event_ts'),
    ...named,
  ];
  const receivedMs = receivedAt.getTime();
  const isPlausible = (instant: Date) =>
    instant.getTime() >= receivedMs - MAX_AGE_MS && instant.getTime() <= receivedMs + MAX_AHEAD_MS;
  const instant = candidates
    .map((text) => readInstant(text))
    .find((candidate) => candidate !== undefined && isPlausible(candidate));
  return instant
    ? { earliest: instant, latest: instant }
    : { earliest: new Date(receivedMs - LAST_REPEAT_MS), latest: receivedAt };
}

/** The texts, not empty, that a field has in these places. */
function textsIn(places: readonly Fields[], name: string): string[] {
  return places.map((place) => textOf(place[name])).filter((text) => text !== undefined);
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

/** An event on its way to an app. */
export interface WebhookMessage {
  event: string;
  payload: Record<string, unknown>;
  /** Added to the signed timestamp: negative makes it stale, positive comes from the future. */
  timestampOffsetMs?: number;
  badSignature?: boolean;
  /** Puts `event_ts` inside the payload, where one of Zoom's own clients expects it. */
  eventTsInPayload?: boolean;
}

/** The raw body of an event. It is made once, so that a retry carries the same bytes. */
export function webhookBody({ event, payload, eventTsInPayload }: WebhookMessage, nowMs: number): string {
  const body = eventTsInPayload
    ? { event, payload: { ...payload, event_ts: nowMs } }
    : { event, payload, event_ts: nowMs };
  return JSON.stringify(body);
}

import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';
import { until } from './waiting.js';

/** An event as the platform reads it. */
export interface ReceivedEvent {
  id: string;
  type: string;
  timestamp: string;
  data: { userId: string; status: string; reason: string | null; since: string; sequence: number };
}

/** The platform's endpoint for events. */
export interface EventsReceiver {
  url: string;
  /** `whsec_…`: verifies the signatures. */
  secret: string;
  /** Every event that was posted, accepted or not, in the order of arrival. */
  received: { event: ReceivedEvent; headers: IncomingHttpHeaders; body: string }[];
  /** Requests whose signature did not verify. */
  refused: number;
  /** How the next events are answered; after these: 204. `hang`: not answered before they are released. */
  answers: (number | 'hang')[];
  /** Accepts the events that hang. */
  releaseHung(): void;
  /** How long each answer takes, ms. */
  delayMs: number;
  /** The accepted events of a user as `sequence status reason`. */
  accepted(userId: string): string[];
  /** Waits until the accepted events of a user are these, and no others. */
  expectAccepted(userId: string, ...events: string[]): Promise<void>;
  close(): Promise<void>;
}

/** A signing secret of Standard Webhooks. */
export const signingSecret = () => `whsec_${randomBytes(32).toString('base64')}`;

/** Starts it on a loopback address. An event whose signature does not verify is answered 401 and not kept. */
export async function startEventsReceiver(): Promise<EventsReceiver> {
  const secret = signingSecret();
  const received: EventsReceiver['received'] = [];
  const accepted: ReceivedEvent[] = [];
  const answers: EventsReceiver['answers'] = [];
  const hung: (() => void)[] = [];
  const receive = (headers: IncomingHttpHeaders, body: string, response: ServerResponse) => {
    const message = verify(secret, body, headers);
    if (!message) {
      receiver.refused++;
      return response.writeHead(401).end();
    }
    const event = { ...message, id: headers['webhook-id'] as string };
    received.push({ event, headers, body });
    const answer = answers.shift() ?? 204;
    const accept = () => {
      accepted.push(event);
      response.writeHead(204).end();
    };
    if (answer === 'hang') return hung.push(accept);
    if (answer < 300) return setTimeout(accept, receiver.delayMs);
    return response.writeHead(answer, { location: '/elsewhere' }).end();
  };
  const server = createServer((request, response) => {
    void text(request).then((body) => receive(request.headers, body, response));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const receiver: EventsReceiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/events?token=receivers-own`,
    secret,
    received,
    refused: 0,
    answers,
    releaseHung: () => {
      for (const accept of hung.splice(0)) accept();
    },
    delayMs: 0,
    accepted: (userId) =>
      accepted
        .filter(({ data }) => data.userId === userId)
        .map(({ data: { sequence, status, reason } }) =>
          [sequence, status, reason].filter(Boolean).join(' '),
        ),
    expectAccepted: async (userId, ...events) => {
      // On a timeout, the comparison below shows which events came.
      await until(() => receiver.accepted(userId).length >= events.length).catch(() => undefined);
      expect(receiver.accepted(userId)).toEqual(events);
    },
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
  return receiver;
}

function verify(secret: string, body: string, headers: IncomingHttpHeaders) {
  try {
    return new Webhook(secret).verify(body, headers as Record<string, string>) as Omit<ReceivedEvent, 'id'>;
  } catch {
    return undefined;
  }
}

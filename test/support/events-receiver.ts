import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';
import { until } from './waiting.js';

/** A message as the platform reads it. */
export interface ReceivedEvent {
  id: string;
  type: string;
  timestamp: string;
  data: { userId: string; status: string; reason: string | null; since: string; sequence: number };
}

/** The platform's endpoint for events. */
export interface EventsReceiver {
  url: string;
  /** `whsec_…`: what it verifies with. */
  secret: string;
  /** Everything that was posted, taken or not, in the order of arrival. */
  received: { event: ReceivedEvent; headers: IncomingHttpHeaders; body: string }[];
  /** Requests whose signature did not verify. */
  refused: number;
  /** How the next messages are answered; none left: 204. `hang`: not until they are released. */
  answers: (number | 'hang')[];
  /** Takes the messages that hang. */
  releaseHung(): void;
  /** How long each answer takes, ms. */
  delayMs: number;
  /** The data that a user's messages brought, as far as they were taken. */
  told(userId: string): string[];
  /** Waits until a user's messages that were taken are these, and no others. */
  expectTold(userId: string, ...messages: string[]): Promise<void>;
  close(): Promise<void>;
}

/** A signing secret of Standard Webhooks. */
export const signingSecret = () => `whsec_${randomBytes(32).toString('base64')}`;

/** Starts it on a loopback address. A message whose signature does not verify is answered 401 and not kept. */
export async function startEventsReceiver(): Promise<EventsReceiver> {
  const secret = signingSecret();
  const received: EventsReceiver['received'] = [];
  const taken: ReceivedEvent[] = [];
  const answers: EventsReceiver['answers'] = [];
  const hung: (() => void)[] = [];
  const take = (headers: IncomingHttpHeaders, body: string, response: ServerResponse) => {
    const message = verify(secret, body, headers);
    if (!message) {
      receiver.refused++;
      return response.writeHead(401).end();
    }
    const event = { ...message, id: headers['webhook-id'] as string };
    received.push({ event, headers, body });
    const answer = answers.shift() ?? 204;
    const accept = () => {
      taken.push(event);
      response.writeHead(204).end();
    };
    if (answer === 'hang') return hung.push(accept);
    if (answer < 300) return setTimeout(accept, receiver.delayMs);
    return response.writeHead(answer, { location: '/elsewhere' }).end();
  };
  const server = createServer((request, response) => {
    void text(request).then((body) => take(request.headers, body, response));
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
    told: (userId) =>
      taken
        .filter(({ data }) => data.userId === userId)
        .map(({ data: { sequence, status, reason } }) =>
          [sequence, status, reason].filter(Boolean).join(' '),
        ),
    expectTold: async (userId, ...messages) => {
      // Said by the comparison, which shows what came instead.
      await until(() => receiver.told(userId).length >= messages.length).catch(() => undefined);
      expect(receiver.told(userId)).toEqual(messages);
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

import { type FastifyInstance, type FastifyRequest } from 'fastify';
import { PassThrough } from 'node:stream';
import { WEBHOOK_PATH } from './webhook-route.js';

/** How long a request may take as a whole. Then its answer is 503, and what it has begun goes on. */
export const REQUEST_TIMEOUT_MS = 60_000;
/** How long the headers of a request may take to arrive. Node looks once a second. */
export const HEADERS_TIMEOUT_MS = 15_000;
/** How long the body of a request may take to arrive. Then its answer is 408. */
export const BODY_TIMEOUT_MS = 30_000;
/** Zoom sends its webhooks at once. */
export const WEBHOOK_BODY_TIMEOUT_MS = 10_000;

/** The body did not arrive: not in time (408, RFC 9110 §15.5.9), or not to its end. */
class BodyError extends Error {
  override readonly name = 'BodyError';

  constructor(
    readonly statusCode: 400 | 408,
    message: string,
  ) {
    super(message);
  }
}

/** Ends the wait for a body that does not arrive in time. The connection is closed after the answer. */
export function limitBodyTime(app: FastifyInstance, timeoutMsOf = defaultTimeout): void {
  app.addHook('preParsing', (request, reply, payload, done) => {
    if (!hasBody(request)) {
      done(null, payload);
      return;
    }
    const body = payload.pipe(new PassThrough());
    const fail = (status: 400 | 408, message: string) => {
      void reply.header('connection', 'close');
      body.destroy(new BodyError(status, message));
    };
    const timer = setTimeout(fail, timeoutMsOf(request), 408, 'the body did not arrive in time');
    // The parser of the body hears of the error if it still reads. After the answer nobody does.
    body.on('error', () => undefined);
    body.once('close', () => {
      clearTimeout(timer);
    });
    payload.once('close', () => {
      if (!payload.readableEnded) fail(400, 'the client hung up');
    });
    reply.raw.once('close', () => {
      body.destroy();
    });
    done(null, body);
  });
}

/** Whether Fastify reads a body. */
function hasBody({ method, headers }: FastifyRequest): boolean {
  const isSent = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
  return isSent && !['GET', 'HEAD', 'OPTIONS'].includes(method);
}

function defaultTimeout({ routeOptions }: FastifyRequest): number {
  return routeOptions.url === WEBHOOK_PATH ? WEBHOOK_BODY_TIMEOUT_MS : BODY_TIMEOUT_MS;
}

/** Whether an error says that a request has taken longer than {@link REQUEST_TIMEOUT_MS}. */
export function isTimeout(error: { code?: string }): boolean {
  return error.code === 'FST_ERR_HANDLER_TIMEOUT';
}

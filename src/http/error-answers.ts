import { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import { type Socket } from 'node:net';
import { type Logger } from '../lib/logger.js';

/** The headers that every answer carries, also one that is written before the hooks run. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': "default-src 'none';frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'SAMEORIGIN',
  'cache-control': 'no-store',
};

/**
 * Answers errors outside of /graphql with their status alone. No path, query or inner text is repeated; an error of
 * ours is logged under an id that the answer names.
 */
export function answerErrors(app: FastifyInstance): void {
  app.setErrorHandler(answerError);
  app.setNotFoundHandler((_request, reply) => answer(reply, 404));
}

function answerError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const status = statusOf(error);
  if (status < 500) return answer(reply, status);
  const errorId = randomUUID();
  request.log.error({ err: error, errorId, req: request }, 'unexpected error');
  return answer(reply, status, { errorId });
}

/** Answers what fails before a route is found, such as a malformed URL. No hook has run. */
export function answerFrameworkError(
  error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) void reply.header(name, value);
  void reply.header('x-request-id', request.id);
  void answer(reply, statusOf(error));
}

function statusOf({ statusCode = 500 }: FastifyError): number {
  return statusCode >= 400 && statusCode <= 599 ? statusCode : 500;
}

function answer(reply: FastifyReply, status: number, more: { errorId?: string } = {}): FastifyReply {
  return reply
    .code(status)
    .type('application/json; charset=utf-8')
    .header('cache-control', 'no-store')
    .send({ error: STATUS_CODES[status] ?? 'Error', ...more });
}

const STATUS_OF_CLIENT_ERRORS: Readonly<Record<string, number>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_HEADER_OVERFLOW: 431,
};

/** Answers what Node cannot read as a request, and closes the connection. */
export function answerClientError(logger: Logger) {
  return (error: Error & { code?: string }, socket: Socket): void => {
    if (error.code === 'ECONNRESET' || socket.destroyed) return;
    const status = STATUS_OF_CLIENT_ERRORS[error.code ?? ''] ?? 400;
    logger.debug({ code: error.code, status }, 'request could not be read');
    if (!socket.writable) {
      socket.destroy(error);
      return;
    }
    const body = JSON.stringify({ error: STATUS_CODES[status] });
    const headers = {
      ...SECURITY_HEADERS,
      'content-type': 'application/json; charset=utf-8',
      'content-length': String(Buffer.byteLength(body)),
      connection: 'close',
    };
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
    socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('\r\n')}\r\n\r\n${body}`);
    // A client that neither reads nor closes.
    socket.destroySoon();
  };
}

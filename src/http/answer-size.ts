import { type FastifyInstance } from 'fastify';
import { type ErrorCode } from '../lib/errors.js';

/** The largest answer of /graphql in bytes. A full page of 300 meetings has about a tenth of it. */
export const MAX_ANSWER_BYTES = 4 * 1024 * 1024;

/** Sends a short error in place of an answer that is larger than {@link MAX_ANSWER_BYTES}. */
export function limitAnswerSize(scope: FastifyInstance, maxBytes = MAX_ANSWER_BYTES): void {
  scope.addHook('onSend', async (_request, reply, payload) => {
    if (typeof payload !== 'string' || Buffer.byteLength(payload) <= maxBytes) return payload;
    void reply.code(400).header('content-type', 'application/json; charset=utf-8');
    void reply.removeHeader('content-length');
    const message = `The answer is larger than ${maxBytes} bytes and was not sent. Ask for less. A mutation has been run.`;
    const code = 'BAD_USER_INPUT' satisfies ErrorCode;
    return Promise.resolve(JSON.stringify({ errors: [{ message, extensions: { code } }] }));
  });
}

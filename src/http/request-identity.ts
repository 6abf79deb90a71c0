import { type FastifyInstance, type FastifyRequest } from 'fastify';
import { randomUUID } from 'node:crypto';
import { type IncomingMessage } from 'node:http';
import { type OperationReport } from '../graphql/operation.js';
import { type RequestScope, runInRequest } from '../lib/request-scope.js';
import { parseTraceparent } from '../lib/trace-context.js';
import { type TrustsPeer } from './trusted-peers.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** How the GraphQL operation of this request ended. */
    operation: OperationReport | undefined;
    scope: RequestScope | undefined;
  }
}

const WELL_FORMED = /^[\w.-]{1,64}$/;

/** The id of a request: what a trusted proxy calls it in `x-request-id`, or a new UUID. */
export function requestIdOf(trusts: TrustsPeer) {
  return ({ headers, socket }: Pick<IncomingMessage, 'headers' | 'socket'>): string => {
    const given = headers['x-request-id'];
    return typeof given === 'string' && WELL_FORMED.test(given) && comesFromTrusted({ socket }, trusts)
      ? given
      : randomUUID();
  };
}

function comesFromTrusted({ socket }: Pick<IncomingMessage, 'socket'>, trusts: TrustsPeer): boolean {
  // In a test without a network there is no peer.
  return trusts((socket as { remoteAddress?: string } | undefined)?.remoteAddress ?? '', 0);
}

/** The scope of a request, with the trace that a trusted proxy names in `traceparent`. */
function scopeOf({ id, raw }: Pick<FastifyRequest, 'id' | 'raw'>, trusts: TrustsPeer): RequestScope {
  const trace = parseTraceparent(raw.headers['traceparent']);
  return { requestId: id, ...(trace && comesFromTrusted(raw, trusts) && { trace }) };
}

/** Answers with the id of each request, gives it to all log lines of the request, and logs how the request ended. */
export function identifyRequests(app: FastifyInstance, trusts: TrustsPeer): void {
  app.decorateRequest('operation', undefined);
  app.decorateRequest('scope', undefined);
  app.addHook('onRequest', (request, reply, done) => {
    void reply.header('x-request-id', request.id);
    request.scope = scopeOf(request, trusts);
    runInRequest(request.scope, done);
  });
  // The events of a body do not belong to the scope.
  app.addHook('preValidation', (request, _reply, done) => {
    runInRequest(request.scope ?? { requestId: request.id }, done);
  });
  app.addHook('onResponse', (request, reply, done) => {
    request.log.info(
      { req: request, status: reply.statusCode, ...endOf(request, reply.elapsedTime) },
      'request',
    );
    done();
  });
}

function endOf({ operation, scope }: FastifyRequest, elapsedMs: number): object {
  const durationMs = Math.round(elapsedMs);
  const traceId = scope?.trace?.traceId;
  const common = { durationMs, ...(traceId !== undefined && { traceId }) };
  if (!operation) return common;
  const { name, userId, codes, errorIds } = operation;
  return {
    ...common,
    ...(name !== undefined && { operation: name }),
    ...(userId !== undefined && { caller: userId }),
    ...(codes.length > 0 && { codes }),
    ...(errorIds.length > 0 && { errorIds }),
  };
}

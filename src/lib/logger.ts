import { type DestinationStream, type Logger, pino, stdSerializers } from 'pino';
import { defined } from './defined.js';
import { currentRequest } from './request-scope.js';

/** The structured logger of the process. */
export type { Logger } from 'pino';

/**
 * A pino logger that is redacted by construction: a request is logged without its query string (the callback's
 * holds the authorization code), its headers or body; secrets are `Secret`s, which print as `[secret]`.
 */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  const options = {
    level,
    timestamp: pino.stdTimeFunctions.isoTime,
    mixin: requestFields,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: serializeError, error: serializeError, req: serializeRequest },
    redact: {
      paths: ['authorization', 'cookie', '*.authorization', '*.cookie', '*.headers.*'],
      censor: '[redacted]',
    },
  };
  return destination ? pino(options, destination) : pino(options);
}

/** What a line says of the request that it belongs to. The loggers of requests have the id as a binding. */
function requestFields(_fields: object, _level: number, logger: Logger): object {
  const scope = currentRequest();
  if (!scope) return {};
  const { requestId, operation, caller, trace } = scope;
  return {
    ...(!('reqId' in logger.bindings()) && { reqId: requestId }),
    ...(operation !== undefined && { operation }),
    ...(caller !== undefined && { caller }),
    ...(trace && { traceId: trace.traceId }),
  };
}

/** The property by which an error of ours names further fields for the log, such as ids. None may hold a secret. */
export const LOG_FIELDS: unique symbol = Symbol('fields for the log');

/**
 * Type, message, code and stack of an error and its causes, and what an error of ours names under {@link LOG_FIELDS}: no
 * other property, whatever a library hangs on it.
 */
function serializeError(error: unknown): unknown {
  if (!(error instanceof Error)) return { type: typeof error };
  const { type, message, stack } = stdSerializers.err(error);
  const { code, [LOG_FIELDS]: fields = {} } = error as { code?: unknown; [LOG_FIELDS]?: object };
  const cause = error.cause instanceof Error ? { cause: serializeError(error.cause) } : {};
  return { type, message, stack, ...defined({ code, ...fields }), ...cause };
}

function serializeRequest(request: { method: string; url: string; ip?: string }): unknown {
  return { method: request.method, path: request.url.split('?', 1)[0], remoteAddress: request.ip };
}

import { randomBytes } from 'node:crypto';

/** The trace that a request belongs to (W3C Trace Context, level 1). */
export interface TraceContext {
  /** 32 lower-case hexadecimal digits, not all 0. */
  traceId: string;
  /** Two hexadecimal digits: whether the caller records the trace. */
  flags: string;
}

const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const ZEROS = /^0+$/;
const SPAN_ID_BYTES = 8;

/**
 * Reads a `traceparent` header (W3C Trace Context §3.2). A version from the future is read by the rules of version 00.
 * Undefined when the header is not valid.
 */
export function parseTraceparent(header: unknown): TraceContext | undefined {
  const found = typeof header === 'string' ? TRACEPARENT.exec(header) : undefined;
  const [, version, traceId = '', parentId = '', flags = '', more] = found ?? [];
  if (version === undefined || version === 'ff' || (version === '00' && more !== undefined)) return undefined;
  return ZEROS.test(traceId) || ZEROS.test(parentId) ? undefined : { traceId, flags };
}

/** The `traceparent` of one outgoing request: the same trace, and a span id that no other request has. */
export function traceparentOf({ traceId, flags }: TraceContext, random = randomBytes): string {
  // Of the flags, only "sampled" is known to version 00.
  const sampled = (Number.parseInt(flags, 16) & 1).toString().padStart(2, '0');
  return `00-${traceId}-${random(SPAN_ID_BYTES).toString('hex')}-${sampled}`;
}

import { type FastifyInstance } from 'fastify';
import { Counter, Histogram, type Registry } from 'prom-client';
import { type OperationReport } from '../graphql/operation.js';
import { ERROR_CODES } from '../lib/errors.js';

const BUCKETS = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
const METHODS = new Set(['GET', 'HEAD', 'POST', 'OPTIONS']);
/** How many names of operations get a series of their own where no list of trusted documents names them. */
const MAX_NAMES = 100;

/** The metrics of requests and operations. Every label has a bounded set of values. */
export class RequestMetrics {
  readonly #http: Histogram<'route' | 'method' | 'status'>;
  readonly #operations: Histogram<'operation' | 'code'>;
  readonly #errors: Counter<'code'>;
  readonly #names = new Set<string>();

  constructor(registry: Registry) {
    const registers = [registry];
    this.#http = new Histogram({
      name: 'http_request_duration_seconds',
      help: 'HTTP requests by route, method and status.',
      labelNames: ['route', 'method', 'status'],
      buckets: BUCKETS,
      registers,
    });
    this.#operations = new Histogram({
      name: 'graphql_operation_duration_seconds',
      help: 'GraphQL operations by name and the code of their first error.',
      labelNames: ['operation', 'code'],
      buckets: BUCKETS,
      registers,
    });
    this.#errors = new Counter({
      name: 'graphql_errors_total',
      help: 'GraphQL operations that had an error, by its code.',
      labelNames: ['code'],
      registers,
    });
    for (const code of Object.keys(ERROR_CODES)) this.#errors.inc({ code }, 0);
  }

  /** Names that always have a series of their own; then no other name gets one. */
  nameOperations(names: ReadonlySet<string>): void {
    for (const name of names) this.#names.add(name);
    this.#isClosed = true;
  }

  observeOperation({ name, userId, codes, durationMs }: OperationReport): void {
    const operation = this.#labelOf(name, userId !== undefined);
    this.#operations.observe({ operation, code: codes[0] ?? '' }, durationMs / 1000);
    for (const code of codes) this.#errors.inc({ code });
  }

  /** Observes every request that finds a route, and those that find none together. */
  observeRequests(app: FastifyInstance): void {
    app.addHook('onResponse', (request, reply, done) => {
      const { url: route = 'none' } = request.routeOptions;
      const method = METHODS.has(request.method) ? request.method : 'other';
      this.#http.observe({ route, method, status: String(reply.statusCode) }, reply.elapsedTime / 1000);
      done();
    });
  }

  #isClosed = false;

  /** A name becomes a label only from a caller with a valid token, and only so many do. */
  #labelOf(name: string | undefined, isSignedIn: boolean): string {
    if (name === undefined) return 'unnamed';
    if (!this.#names.has(name)) {
      if (this.#isClosed || !isSignedIn || this.#names.size >= MAX_NAMES) return 'other';
      this.#names.add(name);
    }
    return name;
  }
}

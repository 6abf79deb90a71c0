import { setTimeout as sleep } from 'node:timers/promises';
import { Canaries } from '../support/canaries.js';
import { type Production, startProduction } from '../support/production.js';
import { seededRandom } from '../support/seeded-random.js';
import { wrongsOf, wrongsOfLine } from './checks.js';
import { type Channel, type FuzzRequest, someRequest } from './requests.js';
import { closeConnections, NoAnswerError, sendHttp, sendRaw } from './send.js';
import { World } from './world.js';

/** How many requests are under way at the same time. */
const CALLERS = 16;
/** The heap of the server, MiB: a leak ends the process. */
const HEAP_MB = 192;
/** Lets a signal collect the garbage, so that what is measured is in use. */
const COLLECT = `process.on('SIGWINCH', () => { gc(); gc(); });`;
const COLLECTING_MS = 1_500;

/** Something that the server must not do. */
export interface Violation {
  /** The request's number; undefined: a log line that belongs to none, or the process. */
  index: number | undefined;
  wrong: string;
}

/** Memory of the server in MiB, after a garbage collection. */
export interface Memory {
  requests: number;
  rss: number;
  heap: number;
}

export interface FuzzSummary {
  requests: number;
  seed: number;
  seconds: number;
  /** Answers by channel and status; the status 0 is a connection that ended without an answer. */
  counts: Record<string, number>;
  memory: Memory[];
  logLines: number;
  secrets: number;
  violations: Violation[];
}

export interface FuzzOptions {
  requests: number;
  seed: number;
  /** One request instead of all. */
  only?: number | undefined;
  onProgress?: (line: string) => void;
}

/** Seeds the request number `index`, so that it can be made without those before it. */
const randomOf = (seed: number, index: number) =>
  seededRandom(Math.imul(seed, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca77));

/** Fires seeded requests at a server in production mode and collects what it must not do. */
export class FuzzRun {
  readonly #canaries = new Canaries();
  readonly #counts: Record<string, number> = {};
  readonly #violations: Violation[] = [];
  readonly #memory: Memory[] = [];
  /** Which request has which id in the log. */
  readonly #indexes = new Map<string, number>();
  readonly #ofRequests: { requestId: string; wrong: string }[] = [];
  #logLines = 0;
  #rest = '';

  constructor(private readonly options: FuzzOptions) {}

  async run(): Promise<FuzzSummary> {
    const { requests, seed, only } = this.options;
    const production = await startProduction({
      logLevel: 'info',
      nodeArguments: [
        ...['--expose-gc', `--max-old-space-size=${HEAP_MB}`],
        ...['--import', `data:text/javascript,${encodeURIComponent(COLLECT)}`],
      ],
      onOutput: (text) => {
        this.#readLog(text);
      },
    });
    const begun = performance.now();
    try {
      const world = await this.#makeWorld(production);
      await this.#measure(production, 0);
      if (only === undefined) await this.#fireAll(production, world);
      else await this.#fire(production, world, only);
      if (!production.server.alive())
        this.#violations.push({ index: undefined, wrong: 'the process has ended' });
      else await this.#measure(production, requests);
    } finally {
      closeConnections();
      await production.close();
    }
    for (const { requestId, wrong } of this.#ofRequests)
      this.#violations.push({ index: this.#indexes.get(requestId), wrong });
    return {
      ...{ requests: only === undefined ? requests : 1, seed },
      ...{ seconds: Math.round((performance.now() - begun) / 1000), counts: this.#counts },
      ...{ memory: this.#memory, logLines: this.#logLines, secrets: this.#canaries.size },
      violations: this.#violations,
    };
  }

  async #makeWorld(production: Production): Promise<World> {
    for (const [name, secret] of Object.entries(production.secrets)) this.#canaries.add(name, secret);
    production.zoom.watch = ({ headers, body }, answered) => {
      this.#canaries.add('authorization of a request to Zoom', headers.authorization?.split(' ')[1]);
      // A code may be what the fuzzer made up; the world adds those that the sandbox has issued.
      this.#canaries.add('PKCE verifier', new URLSearchParams(body).get('code_verifier') ?? undefined);
      for (const [, name = '', value] of answered.body.matchAll(/"(access_token|refresh_token)":"([^"]+)"/g))
        this.#canaries.add(name, value);
    };
    return World.make(production, (name, value) => {
      this.#canaries.add(name, value);
    });
  }

  async #fireAll(production: Production, world: World): Promise<void> {
    const { requests, onProgress } = this.options;
    let next = 0;
    const caller = async () => {
      while (next < requests && production.server.alive()) {
        const index = next++;
        await this.#fire(production, world, index);
        if (index === Math.floor(requests / 2)) await this.#measure(production, index);
        if (index % 10_000 === 9_999)
          onProgress?.(`  ${index + 1} requests, ${this.#violations.length} violations`);
      }
    };
    await Promise.all(Array.from({ length: CALLERS }, caller));
  }

  async #fire(production: Production, world: World, index: number): Promise<void> {
    const { seed, only, onProgress } = this.options;
    const request = await someRequest(randomOf(seed, index), world).catch((error: unknown) => error as Error);
    if (request instanceof Error) return void this.#violations.push({ index, wrong: request.message });
    if (only !== undefined) onProgress?.(described(request));
    try {
      const { url } = production.server;
      const answer = request.channel === 'raw' ? await sendRaw(url, request) : await sendHttp(url, request);
      if (only !== undefined)
        onProgress?.(`${answer.status} ${JSON.stringify(answer.headers)}\n${answer.body}`);
      this.#count(request.channel, answer.status);
      const { 'x-request-id': id } = answer.headers;
      if (typeof id === 'string') this.#indexes.set(id, index);
      for (const wrong of wrongsOf(request, answer, this.#canaries)) this.#violations.push({ index, wrong });
    } catch (error) {
      if (!(error instanceof NoAnswerError)) throw new Error(`request ${index}`, { cause: error });
      this.#count(request.channel, 0);
      this.#violations.push({ index, wrong: error.message });
    }
  }

  #count(channel: Channel, status: number): void {
    const key = `${channel} ${status}`;
    this.#counts[key] = (this.#counts[key] ?? 0) + 1;
  }

  #readLog(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines.filter((each) => each !== '')) {
      this.#logLines += 1;
      const { wrongs, requestId } = wrongsOfLine(line, this.#canaries);
      for (const wrong of wrongs) this.#ofRequests.push({ requestId: requestId ?? '', wrong });
    }
  }

  async #measure(production: Production, requests: number): Promise<void> {
    production.server.signal('SIGWINCH');
    await sleep(COLLECTING_MS);
    const text = await production.metrics();
    const mebibytes = (metric: string) =>
      Math.round(Number(new RegExp(`^${metric} (.+)$`, 'm').exec(text)?.[1]) / 2 ** 20);
    this.#memory.push({
      requests,
      rss: mebibytes('process_resident_memory_bytes'),
      heap: mebibytes('nodejs_heap_size_used_bytes'),
    });
  }
}

function described(request: FuzzRequest): string {
  if (request.channel === 'raw') return `raw: ${JSON.stringify(request.bytes.toString('latin1'))}`;
  const { method, path, headers, body } = request;
  return `${method} ${path}\n${JSON.stringify(headers)}\n${body?.toString() ?? ''}`;
}

import { CALLBACK_PATH } from '../../src/http/callback-route.js';
import { type DatabaseProxy, startDatabaseProxy } from './database-proxy.js';
import { type LoadBalancer, startLoadBalancer } from './load-balancer.js';
import { type ServerProcess, startServerProcess } from './server-process.js';

/** How the processes of a fleet differ from the usual ones. */
export interface FleetOptions {
  env?: Record<string, string> | ((process: number) => Record<string, string>);
  /** Arguments of node itself for a process, such as `--require`. */
  nodeArguments?: (process: number) => string[];
}

/** What all processes of a fleet share. */
interface Shared {
  mongodbUri: string;
  sandboxUrl: string;
  encryptionKeys: string;
}

/** Server processes behind one address; each reaches the database through a proxy of its own. */
export class Fleet {
  readonly processes: ServerProcess[] = [];
  readonly proxies: DatabaseProxy[] = [];
  #balancer: LoadBalancer | undefined;
  /** Processes that the balancer leaves alone. */
  readonly #retired = new Set<number>();
  #picks = 0;

  constructor(private readonly options: FleetOptions & Shared) {}

  /** Where browsers and Zoom's redirects reach it. */
  get url(): string {
    return this.#balancer?.url ?? '';
  }

  /** Opens the way in; answers the redirect URI. */
  async open(): Promise<string> {
    this.#balancer = await startLoadBalancer((process) => this.urlOf(process ?? this.#pick()));
    return `${this.url}${CALLBACK_PATH}`;
  }

  async start(size: number): Promise<void> {
    for (let index = 0; index < size; index++) {
      this.proxies.push(await startDatabaseProxy(this.options.mongodbUri));
      this.processes.push(await this.#startProcess(index));
    }
  }

  /** Starts a further process in the place of one that has ended. */
  async restart(process: number): Promise<void> {
    this.processes[process] = await this.#startProcess(process);
    this.#retired.delete(process);
  }

  /** Ends a process as an orchestrator does: no new requests, then SIGTERM; answers the exit code. */
  terminate(process: number): Promise<number | null> | undefined {
    this.#retired.add(process);
    return this.processes[process]?.terminate();
  }

  /** The first process that lives. */
  living(): number {
    return this.processes.findIndex((process) => process.alive());
  }

  urlOf(process = this.living()): string {
    const url = this.processes[process]?.url;
    if (!url) throw new Error(`there is no process ${process}`);
    return url;
  }

  async close(): Promise<void> {
    await Promise.all(this.processes.map((process) => process.kill()));
    await Promise.all(this.proxies.map((proxy) => proxy.close()));
    await this.#balancer?.close();
  }

  /** One process after the other. */
  #pick(): number | undefined {
    const takers = [...this.processes.keys()].filter(
      (process) => this.processes[process]?.alive() && !this.#retired.has(process),
    );
    return takers[this.#picks++ % takers.length];
  }

  #startProcess(index: number): Promise<ServerProcess> {
    const { mongodbUri, sandboxUrl, encryptionKeys, env, nodeArguments } = this.options;
    return startServerProcess({
      ...{ sandboxUrl, encryptionKeys, redirectUri: `${this.url}${CALLBACK_PATH}` },
      mongodbUri: this.proxies[index]!.uri(mongodbUri),
      env: typeof env === 'function' ? env(index) : env,
      nodeArguments: nodeArguments?.(index),
    });
  }
}

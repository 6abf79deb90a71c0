import { type AddressInfo } from 'node:net';
import { createControl } from './control/create-control.js';
import { type SandboxControl } from './control/sandbox-control.js';
import { createServer } from './server.js';
import { createState, type InitialState, loadState, saveState } from './state.js';
import { type SandboxApp } from './store/apps.js';
import { type RotationPolicy } from './store/settings.js';

export {
  SANDBOX_CLIENT_ID,
  SANDBOX_CLIENT_SECRET,
  SANDBOX_S2S_ACCOUNT_ID,
  SANDBOX_S2S_CLIENT_ID,
  SANDBOX_S2S_CLIENT_SECRET,
  SANDBOX_WEBHOOK_SECRET_TOKEN,
  type SandboxApp,
} from './store/apps.js';

export { type SandboxControl } from './control/sandbox-control.js';

export interface SandboxOptions {
  /** Default 0: any free port. */
  port?: number;
  /** A loopback address; default 127.0.0.1. */
  host?: string;
  /** The base clock. `control.advanceClock` adds to it. */
  clock?: () => Date;
  /** Default `strict`. */
  rotation?: RotationPolicy;
  /** Changes to the default user-managed app. */
  app?: Partial<SandboxApp>;
  /** Artificial latency of the token endpoint, ms. */
  tokenLatencyMs?: number;
  /** A file that keeps users, meetings, recordings and grants when the process ends. Default: none. */
  stateFile?: string;
}

export interface Sandbox {
  /** Base URL of both the OAuth server and the API, without a trailing slash. */
  readonly url: string;
  readonly control: SandboxControl;
  close(): Promise<void>;
}

/** Starts a stand-in for Zoom. Rejects if `host` is not a loopback address or the port is in use. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { port = 0, host = '127.0.0.1', clock = () => new Date() } = options;
  assertLoopback(host);
  const { rotation = 'strict', tokenLatencyMs = 0, app = {}, stateFile } = options;
  const initial: InitialState = { clock, settings: { rotation, tokenLatencyMs }, app };
  const state = createState(initial);
  if (stateFile) loadState(state, stateFile);
  const save = () => (stateFile ? saveState(state, stateFile) : undefined);
  const control = createControl(state, initial);
  const server = createServer(state, control, save);
  await server.listen({ port, host });
  const retries = setInterval(() => void state.webhooks.sendDue(), 1000).unref();
  const address = server.server.address() as AddressInfo;
  state.baseUrl = `http://${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`;
  const close = async () => {
    clearInterval(retries);
    state.webhooks.close();
    await server.close();
    save();
  };
  return { url: state.baseUrl, control, close };
}

/** Throws if a host is not a loopback address: the sandbox gives tokens to everybody who asks. */
export function assertLoopback(host: string): void {
  const isLoopback = host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
  if (!isLoopback) throw new Error(`The sandbox listens on loopback addresses only, not on ${host}.`);
}

import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Sandbox,
  SANDBOX_CLIENT_SECRET,
  SANDBOX_S2S_ACCOUNT_ID,
  SANDBOX_S2S_CLIENT_ID,
  SANDBOX_S2S_CLIENT_SECRET,
  startSandbox,
} from '../../src/dev/sandbox/sandbox.js';
import { CALLBACK_PATH } from '../../src/http/callback-route.js';
import { type DatabaseProxy, startDatabaseProxy } from './database-proxy.js';
import { testDatabase } from './database.js';
import { type EventsReceiver, startEventsReceiver } from './events-receiver.js';
import { freePort, JWT_SECRET } from './harness.js';
import { selfSigned } from './self-signed.js';
import { type ServerProcess, startServerProcess } from './server-process.js';
import { startTlsProxy, type TlsProxy } from './tls-proxy.js';

/** A server process in production mode with everything that it can be given. */
export interface Production {
  server: ServerProcess;
  sandbox: Sandbox;
  /** TLS in front of the sandbox: it sees whatever the server and Zoom say to each other. */
  zoom: TlsProxy;
  /** The way of the server to its database. */
  database: DatabaseProxy;
  mongodbUri: string;
  events: EventsReceiver;
  /** The secrets of the configuration, by name. */
  secrets: Record<string, string>;
  /** The metrics as Prometheus reads them. */
  metrics(): Promise<string>;
  close(): Promise<void>;
}

export interface ProductionOptions {
  logLevel: string;
  nodeArguments?: string[];
  /** Gets what the server writes. It is not kept then. */
  onOutput?: (text: string) => void;
}

/** The entry point that is tried; by default that of this repository's build. */
const MAIN = process.env['SERVER_MAIN'];

/** The secrets, fresh for each run where the sandbox leaves the choice. */
function makeSecrets() {
  return {
    'client secret': SANDBOX_CLIENT_SECRET,
    'client secret of the Server-to-Server app': SANDBOX_S2S_CLIENT_SECRET,
    'webhook secret token': `webhook_${randomBytes(16).toString('hex')}`,
    'encryption key': randomBytes(32).toString('base64'),
    'secret of the platform': JWT_SECRET,
    'token for the metrics': randomBytes(24).toString('hex'),
  };
}

/** Starts the server, a sandbox behind TLS, an endpoint for events, and a way to an empty database. */
export async function startProduction(options: ProductionOptions): Promise<Production> {
  const secrets = makeSecrets();
  const folder = mkdtempSync(join(tmpdir(), 'zoom-grant-production-'));
  const certificate = selfSigned();
  writeFileSync(join(folder, 'ca.pem'), certificate.cert);
  const home = testDatabase();
  const database = await startDatabaseProxy(home.uri);
  const port = await freePort();
  const redirectUri = `https://127.0.0.1:${port}${CALLBACK_PATH}`;
  const webhookSecretToken = secrets['webhook secret token'];
  const sandbox = await startSandbox({
    app: { redirectUris: [redirectUri], webhookSecretToken, published: true },
  });
  const zoom = await startTlsProxy(sandbox.url, certificate);
  const events = await startEventsReceiver();
  const server = await startServerProcess({
    ...(MAIN !== undefined && { main: MAIN }),
    ...{ port, redirectUri, mongodbUri: database.uri(home.uri), sandboxUrl: zoom.url },
    encryptionKeys: `k1:${secrets['encryption key']}`,
    nodeArguments: options.nodeArguments,
    onOutput: options.onOutput,
    env: {
      ...environmentOf(secrets, sandbox, events),
      NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem'),
      LOG_LEVEL: options.logLevel,
    },
  });
  sandbox.control.updateApp({ webhookUrl: `${server.url}/api/zoom/webhook` });
  const authorization = `Bearer ${secrets['token for the metrics']}`;
  return {
    ...{ server, sandbox, zoom, database, events, mongodbUri: home.uri },
    secrets: { ...secrets, 'signing secret of events': events.secret.replace('whsec_', '') },
    metrics: async () => (await fetch(`${server.url}/metrics`, { headers: { authorization } })).text(),
    close: async () => {
      await server.kill();
      await Promise.all([zoom.close(), events.close(), sandbox.close(), database.close()]);
      await home.drop();
      rmSync(folder, { recursive: true });
    },
  };
}

function environmentOf(
  secrets: ReturnType<typeof makeSecrets>,
  sandbox: Sandbox,
  events: EventsReceiver,
): Record<string, string> {
  return {
    NODE_ENV: 'production',
    HOST: '127.0.0.1',
    // The client is the proxy, so it says which address a request is from.
    TRUST_PROXY: '127.0.0.1',
    ZOOM_WEBHOOK_SECRET_TOKEN: secrets['webhook secret token'],
    ZOOM_APP_ACCOUNT_ID: SANDBOX_S2S_ACCOUNT_ID,
    ZOOM_APP_CLIENT_ID: SANDBOX_S2S_CLIENT_ID,
    ZOOM_APP_CLIENT_SECRET: secrets['client secret of the Server-to-Server app'],
    ZOOM_APP_HOST_USER: sandbox.control.addUser().id,
    EVENTS_WEBHOOK_URL: events.url,
    EVENTS_WEBHOOK_SECRETS: events.secret,
    METRICS_TOKEN: secrets['token for the metrics'],
    SHUTDOWN_DELAY_MS: '0',
  };
}

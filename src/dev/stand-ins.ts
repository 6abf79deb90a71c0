import { SignJWT } from 'jose';
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { completeConfig, type CompleteConfig, type Config, type ZoomConfig } from '../config/config.js';
import { startEmbeddedMongo } from './embedded-mongo/embedded-mongo.js';
import { type ZoomAppConfig } from '../config/fallbacks.js';
import { type AuthenticationSettings } from '../http/authentication.js';
import { CALLBACK_PATH } from '../http/callback-route.js';
import { WEBHOOK_PATH } from '../http/webhook-route.js';
import {
  SANDBOX_CLIENT_ID,
  SANDBOX_CLIENT_SECRET,
  SANDBOX_WEBHOOK_SECRET_TOKEN,
  startSandbox,
  SANDBOX_S2S_ACCOUNT_ID,
  SANDBOX_S2S_CLIENT_ID,
  SANDBOX_S2S_CLIENT_SECRET,
} from './sandbox/sandbox.js';
import { Secret } from '../lib/secret.js';

/** What replaces the real systems that are not configured. */
export interface StandIns {
  config: CompleteConfig;
  /** Base URL of the sandbox; absent when real Zoom is configured. */
  sandboxUrl?: string;
  /** Whether the embedded database is in use. */
  embedded: boolean;
  /** Signs a token of the development issuer; absent when the platform's authentication is configured. */
  issueToken?: (userId: string, role?: string) => Promise<string>;
  close: () => Promise<void>;
}

/** Issuer and audience of the development tokens. */
const DEVELOPMENT_ISSUER = 'zoom-grant-server-development';
const TOKEN_LIFETIME = '12h';
const PREFERRED_SANDBOX_PORT = 5002;
/** The sandbox's Server-to-Server app; its meetings are hosted by the sandbox's first user. */
const SANDBOX_APP: ZoomAppConfig = {
  accountId: SANDBOX_S2S_ACCOUNT_ID,
  clientId: SANDBOX_S2S_CLIENT_ID,
  clientSecret: new Secret(SANDBOX_S2S_CLIENT_SECRET),
  hostUser: 'licensed.coach@example.com',
};

/**
 * Starts what is missing from the configuration: the sandbox and the embedded database. Missing keys are made once and
 * kept in the data folder.
 */
export async function startStandIns(config: Config): Promise<StandIns> {
  const closers: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const end of closers.toReversed()) await end();
  };
  try {
    const complete = await replaceMissing(config, closers);
    return {
      config: complete.config,
      embedded: !config.mongodbUri,
      ...(config.zoom ? {} : { sandboxUrl: complete.config.zoom.oauthBaseUrl }),
      ...(complete.jwtSecret && { issueToken: issuer(complete.jwtSecret) }),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function replaceMissing(config: Config, closers: (() => Promise<void>)[]) {
  const port = config.http.port === 0 ? await freePort() : config.http.port;
  // Nothing is written for what is configured.
  const isSecretMissing = !config.encryptionKeys || !config.authentication;
  const kept = isSecretMissing ? await keepSecrets(config.dataDir) : undefined;
  const mongodbUri = config.mongodbUri ?? (await startDatabase(config, closers));
  const zoom = config.zoom ?? (await startZoom(config, port, closers));
  const complete = completeConfig({
    ...config,
    http: { ...config.http, port },
    zoom,
    fallbacks: config.zoom ? config.fallbacks : { ...config.fallbacks, zoomApp: SANDBOX_APP },
    mongodbUri,
    encryptionKeys: config.encryptionKeys ?? (kept && [{ kid: 'development', key: kept.encryptionKey }]),
    authentication: config.authentication ?? (kept && developmentIssuer(kept.jwtSecret)),
  });
  if (!complete) throw new Error('a part of the configuration has no stand-in');
  return { config: complete, jwtSecret: config.authentication ? undefined : kept?.jwtSecret };
}

function developmentIssuer(secret: Secret): AuthenticationSettings {
  return {
    sources: [{ kind: 'secret', secret }],
    issuer: DEVELOPMENT_ISSUER,
    audience: DEVELOPMENT_ISSUER,
  };
}

async function startDatabase({ dataDir }: Config, closers: (() => Promise<void>)[]): Promise<Secret> {
  const database = await startEmbeddedMongo({ dataDir: join(dataDir, 'database') });
  closers.push(() => database.close());
  return new Secret(database.uri);
}

async function startZoom(
  config: Config,
  port: number,
  closers: (() => Promise<void>)[],
): Promise<ZoomConfig> {
  const redirectUri = `http://localhost:${port}${CALLBACK_PATH}`;
  const app = {
    redirectUris: [redirectUri],
    // Zoom sends deauthorization events only to published apps.
    published: true,
    webhookUrl: `http://127.0.0.1:${port}${WEBHOOK_PATH}`,
  };
  const options = { app, stateFile: join(config.dataDir, 'sandbox.json') };
  const sandbox = await startSandbox({ ...options, port: PREFERRED_SANDBOX_PORT }).catch((error: unknown) => {
    if ((error as { code?: unknown }).code !== 'EADDRINUSE') throw error;
    return startSandbox(options);
  });
  closers.push(() => sandbox.close());
  return {
    clientId: SANDBOX_CLIENT_ID,
    clientSecret: new Secret(SANDBOX_CLIENT_SECRET),
    redirectUri,
    oauthBaseUrl: sandbox.url,
    apiBaseUrl: sandbox.url,
    webhookSecretTokens: [new Secret(SANDBOX_WEBHOOK_SECRET_TOKEN)],
  };
}

/** Secrets that must survive a restart: without them the connections of the last run would be lost. */
async function keepSecrets(dataDir: string): Promise<{ encryptionKey: Uint8Array; jwtSecret: Secret }> {
  const file = join(dataDir, 'development-secrets.json');
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const fresh = {
    encryptionKey: randomBytes(32).toString('base64'),
    jwtSecret: randomBytes(32).toString('base64'),
  };
  await writeFile(file, JSON.stringify(fresh), { mode: 0o600, flag: 'wx' }).catch((error: unknown) => {
    if ((error as { code?: unknown }).code !== 'EEXIST') throw error;
  });
  const kept = JSON.parse(await readFile(file, 'utf8')) as typeof fresh;
  return {
    encryptionKey: new Uint8Array(Buffer.from(kept.encryptionKey, 'base64')),
    jwtSecret: new Secret(kept.jwtSecret),
  };
}

function issuer(secret: Secret) {
  return (userId: string, role = 'user') =>
    new SignJWT({ role })
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
      .setSubject(userId)
      .setIssuer(DEVELOPMENT_ISSUER)
      .setAudience(DEVELOPMENT_ISSUER)
      .setIssuedAt()
      .setExpirationTime(TOKEN_LIFETIME)
      .sign(Buffer.from(secret.reveal(), 'utf8'));
}

/** A free port. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
      .once('error', reject)
      .listen(0, '127.0.0.1', () => {
        const { port } = probe.address() as AddressInfo;
        probe.close(() => {
          resolve(port);
        });
      });
  });
}

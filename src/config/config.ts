import { type ApiConfig, apiOf } from './api.js';
import { type Environment, parseEnvironment } from './environment.js';
import { type EventsConfig, eventsOf } from './events.js';
import { type FallbackConfig, fallbacksOf } from './fallbacks.js';
import { type AuthenticationSettings, type KeySource } from '../http/authentication.js';
import { Secret } from '../lib/secret.js';
import { type ReadFile } from './secret-files.js';
import { type TrustedProxies } from '../http/trusted-peers.js';
import { type EncryptionKey } from '../grants/token-cipher.js';
import { type Proxies } from '../lib/http-client.js';

/** The parsed configuration. Stand-ins replace what is undefined. */
export interface Config {
  production: boolean;
  http: { host: string; port: number; trustProxy: TrustedProxies; corsOrigins: string[]; pages: boolean };
  api: ApiConfig;
  /** Undefined: the sandbox. */
  zoom: ZoomConfig | undefined;
  fallbacks: FallbackConfig;
  events: EventsConfig;
  /** Undefined: the embedded database. */
  mongodbUri: Secret | undefined;
  dataDir: string;
  /** Undefined: a key that is kept in `dataDir`. */
  encryptionKeys: [EncryptionKey, ...EncryptionKey[]] | undefined;
  /** Undefined: the development issuer. */
  authentication: AuthenticationSettings | undefined;
  /** Undefined: `/` of the first CORS origin, else our own page. */
  defaultReturnTo: string | undefined;
  timing: {
    tokenTimeoutMs: number;
    apiTimeoutMs: number;
    refreshLeaseTtlMs: number;
    /** How long a shutdown serves on after readiness has begun to fail. */
    shutdownDelayMs: number;
    shutdownTimeoutMs: number;
  };
  /** How this server reaches Zoom, Google, the platform's keys and its endpoint for events. */
  proxies: Proxies;
  auditRetentionDays: number;
  /** When a backup of the database was restored last (UTC). */
  databaseRestoredAt?: Date | undefined;
  logLevel: string;
  /** What is odd, but no reason not to start: for the log. Each begins with the name of a variable. */
  warnings: readonly string[];
}

/** A configuration with nothing missing. */
export type CompleteConfig = {
  [K in Exclude<keyof Config, 'databaseRestoredAt'>]-?: NonNullable<Config[K]>;
} & Pick<Config, 'databaseRestoredAt'>;

/** The user-managed app at Zoom. */
export interface ZoomConfig {
  clientId: string;
  clientSecret: Secret;
  redirectUri: string;
  oauthBaseUrl: string;
  apiBaseUrl: string;
  /** All of them are valid at once. Absent: the server does not accept Zoom's webhooks. */
  webhookSecretTokens?: readonly Secret[];
}

/** Every bad or missing variable, in one message. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(readonly problems: readonly string[]) {
    super(`The configuration is not valid:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
  }
}

/**
 * Reads the environment, and the files that its `*_FILE` variables name.
 * @throws ConfigError naming every variable at fault
 */
export function parseConfig(env: Record<string, string | undefined>, readFile?: ReadFile): Config {
  const parsed = parseEnvironment(env, readFile);
  if (!parsed.ok) throw new ConfigError(parsed.problems);
  const config = toConfig(parsed.environment, parsed.warnings);
  if (config.production && !completeConfig(config))
    throw new ConfigError(['NODE_ENV: production needs a complete configuration']);
  return config;
}

/** The configuration of this process. @throws ConfigError */
export function loadConfig(): Config {
  return parseConfig(process.env);
}

/** The address of the database, for tools that need nothing else. @throws ConfigError */
export function loadDatabaseUri(): Secret {
  const { MONGODB_URI, MONGODB_URI_FILE } = process.env;
  const { mongodbUri } = parseConfig({ MONGODB_URI, MONGODB_URI_FILE });
  if (!mongodbUri) throw new ConfigError(['MONGODB_URI: is required']);
  return mongodbUri;
}

/** The configuration, if nothing is missing from it; undefined when stand-ins are needed. */
export function completeConfig(config: Config): CompleteConfig | undefined {
  const { zoom, mongodbUri, encryptionKeys, authentication } = config;
  if (!zoom || !mongodbUri || !encryptionKeys || !authentication) return undefined;
  const ownPage = new URL('/', config.http.corsOrigins[0] ?? zoom.redirectUri).href;
  const defaultReturnTo = config.defaultReturnTo ?? ownPage;
  return { ...config, zoom, mongodbUri, encryptionKeys, authentication, defaultReturnTo };
}

function toConfig(env: Environment, warnings: readonly string[]): Config {
  const production = env.NODE_ENV === 'production';
  return {
    production,
    http: {
      host: env.HOST ?? (production ? '0.0.0.0' : '127.0.0.1'),
      port: env.PORT,
      trustProxy: env.TRUST_PROXY,
      corsOrigins: env.CORS_ORIGINS,
      pages: env.SERVE_PAGES ?? !production,
    },
    api: apiOf(env, production),
    zoom: zoomOf(env),
    fallbacks: fallbacksOf(env),
    events: eventsOf(env),
    mongodbUri: env.MONGODB_URI === undefined ? undefined : new Secret(env.MONGODB_URI),
    dataDir: env.EMBEDDED_DATA_DIR,
    encryptionKeys: env.TOKEN_ENCRYPTION_KEYS,
    authentication: authenticationOf(env),
    defaultReturnTo: env.DEFAULT_RETURN_TO,
    timing: {
      tokenTimeoutMs: env.ZOOM_TOKEN_TIMEOUT_MS,
      apiTimeoutMs: env.ZOOM_API_TIMEOUT_MS,
      refreshLeaseTtlMs: env.REFRESH_LEASE_TTL_MS,
      shutdownDelayMs: env.SHUTDOWN_DELAY_MS ?? (production ? 5_000 : 0),
      shutdownTimeoutMs: env.SHUTDOWN_TIMEOUT_MS,
    },
    proxies: proxiesOf(env),
    auditRetentionDays: env.AUDIT_RETENTION_DAYS,
    ...(env.DATABASE_RESTORED_AT && { databaseRestoredAt: env.DATABASE_RESTORED_AT }),
    // With the sandbox, a person reads the terminal.
    logLevel: env.LOG_LEVEL ?? (zoomOf(env) ? 'info' : 'warn'),
    warnings: [...warnings, ...severalSources(env)],
  };
}

function zoomOf(env: Environment): ZoomConfig | undefined {
  if (!env.ZOOM_USER_MANAGED_CLIENT_ID || !env.ZOOM_USER_MANAGED_CLIENT_SECRET || !env.ZOOM_REDIRECT_URI)
    return undefined;
  return {
    clientId: env.ZOOM_USER_MANAGED_CLIENT_ID,
    clientSecret: new Secret(env.ZOOM_USER_MANAGED_CLIENT_SECRET),
    redirectUri: env.ZOOM_REDIRECT_URI,
    oauthBaseUrl: env.ZOOM_OAUTH_BASE_URL,
    apiBaseUrl: env.ZOOM_API_BASE_URL,
    ...(env.ZOOM_WEBHOOK_SECRET_TOKEN && {
      webhookSecretTokens: env.ZOOM_WEBHOOK_SECRET_TOKEN.map(toSecret),
    }),
  };
}

const toSecret = (value: string) => new Secret(value);

function authenticationOf(env: Environment): AuthenticationSettings | undefined {
  const { AUTH_JWKS_URL: url, AUTH_JWT_PUBLIC_KEY: pems = [], AUTH_JWT_SECRET: secrets = [] } = env;
  const sources: KeySource[] = [
    ...(url === undefined ? [] : [{ kind: 'jwks' as const, url }]),
    ...pems.map((pem) => ({ kind: 'publicKey' as const, pem })),
    ...secrets.map((secret) => ({ kind: 'secret' as const, secret: new Secret(secret) })),
  ];
  if (sources.length === 0) return undefined;
  return { sources, issuer: env.AUTH_JWT_ISSUER, audience: env.AUTH_JWT_AUDIENCE, type: env.AUTH_JWT_TYPE };
}

function severalSources(env: Environment): string[] {
  const set = (['AUTH_JWKS_URL', 'AUTH_JWT_PUBLIC_KEY', 'AUTH_JWT_SECRET'] as const).filter(
    (name) => env[name],
  );
  return set.length > 1
    ? [
        `${set.join(', ')}: tokens of all of them are valid; keep more than one only while the platform changes over`,
      ]
    : [];
}

function proxiesOf({ HTTP_PROXY: http, HTTPS_PROXY: https, NO_PROXY: except }: Environment): Proxies {
  return {
    ...(http !== undefined && { http: new Secret(http) }),
    ...(https !== undefined && { https: new Secret(https) }),
    ...(except !== undefined && { except }),
  };
}

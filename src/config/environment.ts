import { z } from 'zod';
import { apiFields } from './api.js';
import { encryptionKeys } from './encryption-keys.js';
import { eventsFields } from './events.js';
import { fallbackFields } from './fallbacks.js';
import { mongodbUri } from './mongodb-uri.js';
import { boolean, entriesOf, instant, integer, milliseconds } from './plain-values.js';
import { publicKeys, sharedSecrets } from './platform-keys.js';
import {
  contradictions,
  DEFAULT_SHUTDOWN_TIMEOUT_MS,
  DEFAULT_TOKEN_TIMEOUT_MS,
  productionRules,
} from './rules.js';
import { type ReadFile, readSecretFiles, SECRET_VARIABLES } from './secret-files.js';
import { baseUrl, corsOrigins, endpointUrl, proxyUrl, redirectUrl, secureUrl } from './secure-url.js';
import { trustProxy } from './trust-proxy.js';
import { unknownVariables } from './unknown-variables.js';

const fields = z.object({
  NODE_ENV: z.enum(['production', 'development', 'test']).optional(),
  PORT: integer(0, 65_535).default(5001),
  HOST: z.string().trim().optional(),
  SERVE_PAGES: boolean.optional(),
  TRUST_PROXY: trustProxy,
  CORS_ORIGINS: corsOrigins,
  DEFAULT_RETURN_TO: secureUrl.optional(),
  ZOOM_USER_MANAGED_CLIENT_ID: z.string().trim().optional(),
  ZOOM_USER_MANAGED_CLIENT_SECRET: z.string().trim().optional(),
  ZOOM_REDIRECT_URI: redirectUrl.optional(),
  ZOOM_WEBHOOK_SECRET_TOKEN: z
    .string()
    .transform(entriesOf)
    .refine(
      (tokens) => tokens.length > 0 && tokens.every((token) => token.length >= 8),
      'must be secret tokens of 8 characters or more, comma separated',
    )
    .optional(),
  ZOOM_OAUTH_BASE_URL: baseUrl.default('https://zoom.us'),
  ZOOM_API_BASE_URL: baseUrl.default('https://api.zoom.us'),
  ZOOM_TOKEN_TIMEOUT_MS: milliseconds(DEFAULT_TOKEN_TIMEOUT_MS),
  ZOOM_API_TIMEOUT_MS: milliseconds(10_000),
  REFRESH_LEASE_TTL_MS: milliseconds(15_000),
  ...apiFields,
  ...fallbackFields,
  ...eventsFields,
  MONGODB_URI: mongodbUri.optional(),
  EMBEDDED_DATA_DIR: z.string().default('.data'),
  TOKEN_ENCRYPTION_KEYS: encryptionKeys.optional(),
  AUTH_JWKS_URL: endpointUrl.optional(),
  AUTH_JWT_PUBLIC_KEY: publicKeys.optional(),
  AUTH_JWT_SECRET: sharedSecrets.optional(),
  AUTH_JWT_ISSUER: z.string().optional(),
  AUTH_JWT_AUDIENCE: z.string().optional(),
  AUTH_JWT_TYPE: z.string().trim().optional(),
  AUDIT_RETENTION_DAYS: integer(1, 3650).default(365),
  DATABASE_RESTORED_AT: instant.optional(),
  SHUTDOWN_DELAY_MS: integer(0, 300_000).optional(),
  SHUTDOWN_TIMEOUT_MS: milliseconds(DEFAULT_SHUTDOWN_TIMEOUT_MS),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).optional(),
  HTTP_PROXY: proxyUrl.optional(),
  HTTPS_PROXY: proxyUrl.optional(),
  NO_PROXY: z.string().optional(),
  IGNORED_VARIABLES: z.string().default('').transform(entriesOf),
});

/** The names of all variables that the server reads; those of {@link SECRET_VARIABLES} may also end in `_FILE`. */
export const ENVIRONMENT_VARIABLES: readonly string[] = Object.keys(fields.shape);

const PROXY_VARIABLES = ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY'] as const;

/** The environment: each variable has passed its own rule. */
export type Environment = z.infer<typeof fields>;

/** The outcome: the environment with warnings for the log, or every problem. Each sentence begins with a variable. */
export type ParsedEnvironment =
  { ok: true; environment: Environment; warnings: string[] } | { ok: false; problems: string[] };

/**
 * Checks each variable by its own rule, then the rules between variables, so that one message can name every variable at
 * fault. An empty variable counts as not set. Unknown variables with a prefix of ours are problems in production, and
 * warnings elsewhere.
 */
export function parseEnvironment(
  env: Record<string, string | undefined>,
  readFile?: ReadFile,
): ParsedEnvironment {
  const fromFiles = readSecretFiles(withProxies(nonEmpty(env)), readFile);
  const { variables } = fromFiles;
  const isProduction = variables['NODE_ENV'] === 'production';
  const parsed = fields.safeParse(variables);
  const own = (parsed.error?.issues ?? []).map(({ path, message }) => [String(path[0]), message] as const);
  const unknown = unknownProblems(variables);
  // A file that cannot be read is one problem: its variable is not missing as well.
  const present = { ...variables, ...Object.fromEntries(fromFiles.unread.map((name) => [name, 'unread'])) };
  const all = [
    ...fromFiles.problems,
    ...blankProblems(variables),
    ...own,
    ...contradictions(present),
    ...(isProduction ? [...productionRules(present), ...unknown] : []),
  ];
  // One problem for each variable: the first.
  const first = new Map(all.toReversed().map(([variable, message]) => [variable, message]));
  const problems = [...first].toReversed().map(([variable, message]) => `${variable}: ${message}`);
  if (!parsed.success || problems.length > 0) return { ok: false, problems };
  return {
    ok: true,
    environment: parsed.data,
    warnings: isProduction ? [] : unknown.map(([variable, message]) => `${variable}: ${message}`),
  };
}

function nonEmpty(env: Record<string, string | undefined>): Record<string, string> {
  const set = Object.entries(env).filter((entry): entry is [string, string] => Boolean(entry[1]));
  return Object.fromEntries(set);
}

/** Proxies are also set by names in lower case, which then count. */
function withProxies(variables: Record<string, string>): Record<string, string> {
  const lower = PROXY_VARIABLES.flatMap((name) => {
    const value = variables[name.toLowerCase()];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...variables, ...Object.fromEntries(lower) };
}

function blankProblems(variables: Record<string, string>): [string, string][] {
  return ENVIRONMENT_VARIABLES.filter((name) => variables[name]?.trim() === '').map((name) => [
    name,
    'has nothing but blanks',
  ]);
}

function unknownProblems(variables: Record<string, string>): [string, string][] {
  const known = [...ENVIRONMENT_VARIABLES, ...SECRET_VARIABLES.map((name) => `${name}_FILE`)];
  const ignored = entriesOf(variables['IGNORED_VARIABLES'] ?? '');
  return unknownVariables(Object.keys(variables), known, ignored).map(({ name, nearest }) => [
    name,
    `is no variable of this server${nearest === undefined ? '' : `; did you mean ${nearest}?`} If it is for other software, name it in IGNORED_VARIABLES`,
  ]);
}

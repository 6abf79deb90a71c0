import { createPublicKey } from 'node:crypto';
import { z } from 'zod';
import { apiFields } from './api.js';
import { eventsFields, eventsProblems } from './events.js';
import { fallbackFields, fallbackProblems } from './fallbacks.js';
import { baseUrl, isHttps, secureUrl } from './secure-url.js';
import { type EncryptionKey } from '../grants/token-cipher.js';

const milliseconds = (fallback: number) => z.coerce.number().int().min(100).max(600_000).default(fallback);
const boolean = z.enum(['true', 'false']).transform((value) => value === 'true');

const corsOrigins = z
  .string()
  .default('')
  .transform((list) =>
    list
      .split(',')
      .map((origin) => origin.trim())
      .filter(Boolean),
  )
  .refine(
    (origins) => origins.every((origin) => URL.canParse(origin) && new URL(origin).origin === origin),
    'must be origins such as https://app.example.com, comma separated, without a path or a trailing slash',
  );

const encryptionKeys = z.string().transform((list, context): [EncryptionKey, ...EncryptionKey[]] => {
  const keys = list.split(',').map((entry) => {
    const [kid = '', base64 = '', ...rest] = entry.trim().split(':');
    const key = new Uint8Array(Buffer.from(base64, 'base64'));
    const valid = /^[\w.-]{1,64}$/.test(kid) && rest.length === 0 && key.length === 32;
    return valid ? { kid, key } : undefined;
  });
  const [first, ...others] = keys.filter((key) => key !== undefined);
  if (first && others.length + 1 === keys.length && new Set(keys.map((key) => key?.kid)).size === keys.length)
    return [first, ...others];
  // The value is a secret: the message must not quote it.
  context.addIssue('must be kid:base64-of-32-bytes, comma separated, each kid once');
  return z.NEVER;
});

const publicKey = z
  .string()
  .transform((pem) => pem.replaceAll('\\n', '\n'))
  .refine((pem) => {
    try {
      // Node would make a public key of a private one, which has no business here.
      return (
        pem.trimStart().startsWith('-----BEGIN PUBLIC KEY-----') && createPublicKey(pem).type === 'public'
      );
    } catch {
      return false;
    }
  }, 'must be a PEM public key (SPKI)');

const trustProxy = z
  .string()
  .default('false')
  .transform((value) => (value === 'true' ? true : value === 'false' ? false : value));

const fields = z.object({
  NODE_ENV: z.string().optional(),
  PORT: z.coerce.number().int().min(0).max(65_535).default(5001),
  HOST: z.string().optional(),
  SERVE_PAGES: boolean.optional(),
  TRUST_PROXY: trustProxy,
  CORS_ORIGINS: corsOrigins,
  DEFAULT_RETURN_TO: secureUrl.optional(),
  ZOOM_USER_MANAGED_CLIENT_ID: z.string().trim().optional(),
  ZOOM_USER_MANAGED_CLIENT_SECRET: z.string().trim().optional(),
  ZOOM_REDIRECT_URI: secureUrl.optional(),
  ZOOM_WEBHOOK_SECRET_TOKEN: z.string().trim().min(8).optional(),
  ZOOM_OAUTH_BASE_URL: baseUrl.default('https://zoom.us'),
  ZOOM_API_BASE_URL: baseUrl.default('https://api.zoom.us'),
  ZOOM_TOKEN_TIMEOUT_MS: milliseconds(60_000),
  ZOOM_API_TIMEOUT_MS: milliseconds(10_000),
  REFRESH_LEASE_TTL_MS: milliseconds(15_000),
  ...apiFields,
  ...fallbackFields,
  ...eventsFields,
  MONGODB_URI: z
    .string()
    .regex(/^mongodb(\+srv)?:\/\//, 'must begin with mongodb:// or mongodb+srv://')
    .optional(),
  EMBEDDED_DATA_DIR: z.string().default('.data'),
  TOKEN_ENCRYPTION_KEYS: encryptionKeys.optional(),
  AUTH_JWKS_URL: secureUrl.optional(),
  AUTH_JWT_PUBLIC_KEY: publicKey.optional(),
  AUTH_JWT_SECRET: z
    .string()
    .refine((secret) => Buffer.byteLength(secret) >= 32, 'must have at least 32 bytes')
    .optional(),
  AUTH_JWT_ISSUER: z.string().optional(),
  AUTH_JWT_AUDIENCE: z.string().optional(),
  AUDIT_RETENTION_DAYS: z.coerce.number().int().min(1).max(3650).default(365),
  SHUTDOWN_DELAY_MS: z.coerce.number().int().min(0).max(300_000).optional(),
  SHUTDOWN_TIMEOUT_MS: milliseconds(30_000),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).optional(),
});

/** The names of all variables that the server reads. */
export const ENVIRONMENT_VARIABLES: readonly string[] = Object.keys(fields.shape);

/** The environment: each variable has passed its own rule. */
export type Environment = z.infer<typeof fields>;
type Variables = Partial<Record<keyof Environment, string>>;
type Problem = [variable: keyof Environment, message: string];

/**
 * Checks each variable by its own rule, then the rules between variables, so that one message can name every variable at
 * fault. An empty variable counts as not set.
 */
export function parseEnvironment(
  env: Record<string, string | undefined>,
): { ok: true; environment: Environment } | { ok: false; problems: string[] } {
  const variables: Variables = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = fields.safeParse(variables);
  const own = (parsed.error?.issues ?? []).map(({ path, message }) => [String(path[0]), message]);
  const all = [
    ...own,
    ...contradictions(variables),
    ...(variables.NODE_ENV === 'production' ? missingInProduction(variables) : []),
  ];
  const first = new Map(all.toReversed().map(([variable, message]) => [variable, message]));
  const problems = [...first].toReversed().map(([variable, message]) => `${variable}: ${message}`);
  return parsed.success && problems.length === 0
    ? { ok: true, environment: parsed.data }
    : { ok: false, problems };
}

const ZOOM_VARIABLES = [
  'ZOOM_USER_MANAGED_CLIENT_ID',
  'ZOOM_USER_MANAGED_CLIENT_SECRET',
  'ZOOM_REDIRECT_URI',
] as const;
const AUTH_VARIABLES = ['AUTH_JWKS_URL', 'AUTH_JWT_PUBLIC_KEY', 'AUTH_JWT_SECRET'] as const;

function* contradictions(variables: Variables): Generator<Problem> {
  const zoomSet = ZOOM_VARIABLES.filter((variable) => variables[variable]);
  if (zoomSet.length > 0) {
    for (const variable of ZOOM_VARIABLES)
      if (!variables[variable])
        yield [variable, `is missing beside ${zoomSet.join(' and ')}; set none of the three for the sandbox`];
    if (!AUTH_VARIABLES.some((variable) => variables[variable]))
      yield ['AUTH_JWT_SECRET', 'is missing: set AUTH_JWKS_URL, AUTH_JWT_PUBLIC_KEY or AUTH_JWT_SECRET'];
    if (!variables.TOKEN_ENCRYPTION_KEYS)
      yield ['TOKEN_ENCRYPTION_KEYS', 'is missing: real tokens need a key of your own'];
  }
  yield* fallbackProblems(variables);
  yield* eventsProblems(variables);
  if (AUTH_VARIABLES.filter((variable) => variables[variable]).length > 1)
    yield ['AUTH_JWKS_URL', `set only one of ${AUTH_VARIABLES.join(', ')}`];
}

function* missingInProduction(variables: Variables): Generator<Problem> {
  for (const variable of ZOOM_VARIABLES)
    if (!variables[variable]) yield [variable, 'is missing: production refuses the sandbox'];
  if (!variables.MONGODB_URI) yield ['MONGODB_URI', 'is missing: production refuses the embedded database'];
  if (!variables.TOKEN_ENCRYPTION_KEYS)
    yield ['TOKEN_ENCRYPTION_KEYS', 'is missing: production needs keys of its own'];
  if (!AUTH_VARIABLES.some((variable) => variables[variable]))
    yield [
      'AUTH_JWT_SECRET',
      'is missing: production needs AUTH_JWKS_URL, AUTH_JWT_PUBLIC_KEY or AUTH_JWT_SECRET',
    ];
  for (const variable of ['ZOOM_REDIRECT_URI', 'ZOOM_OAUTH_BASE_URL', 'ZOOM_API_BASE_URL'] as const)
    if (variables[variable] && !isHttps(variables[variable])) yield [variable, 'must be https in production'];
}

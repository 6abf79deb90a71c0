import { eventsProblems } from './events.js';
import { fallbackProblems } from './fallbacks.js';
import { entriesOf } from './plain-values.js';
import { isHttps, isSecure } from './secure-url.js';

type Variables = Readonly<Record<string, string>>;
/** A variable at fault, and what is wrong with it. */
export type Problem = readonly [variable: string, message: string];

const ZOOM_VARIABLES = [
  'ZOOM_USER_MANAGED_CLIENT_ID',
  'ZOOM_USER_MANAGED_CLIENT_SECRET',
  'ZOOM_REDIRECT_URI',
] as const;
/** Where the keys come from that verify the platform's tokens. Several may be set while the platform changes over. */
const AUTH_VARIABLES = ['AUTH_JWKS_URL', 'AUTH_JWT_PUBLIC_KEY', 'AUTH_JWT_SECRET'] as const;
const HTTPS_VARIABLES = ['ZOOM_REDIRECT_URI', 'ZOOM_OAUTH_BASE_URL', 'ZOOM_API_BASE_URL'] as const;

/** Zoom may take long to answer a refresh, and every answer is waited for. */
export const DEFAULT_TOKEN_TIMEOUT_MS = 60_000;
export const DEFAULT_SHUTDOWN_TIMEOUT_MS = 70_000;
/** How long tokens that Zoom has just issued may take to be stored. */
const TIME_TO_STORE_MS = 5_000;

/** The rules between variables that hold everywhere. */
export function* contradictions(variables: Variables): Generator<Problem> {
  const zoomSet = ZOOM_VARIABLES.filter((variable) => variables[variable]);
  if (zoomSet.length > 0) {
    for (const variable of ZOOM_VARIABLES)
      if (!variables[variable])
        yield [variable, `is missing beside ${zoomSet.join(' and ')}; set none of the three for the sandbox`];
    if (!AUTH_VARIABLES.some((variable) => variables[variable]))
      yield ['AUTH_JWT_SECRET', 'is missing: set AUTH_JWKS_URL, AUTH_JWT_PUBLIC_KEY or AUTH_JWT_SECRET'];
    if (!variables['TOKEN_ENCRYPTION_KEYS'])
      yield ['TOKEN_ENCRYPTION_KEYS', 'is missing: real tokens need a key of your own'];
  }
  yield* fallbackProblems(variables);
  yield* eventsProblems(variables);
}

/** What production demands beyond that. */
export function* productionRules(variables: Variables): Generator<Problem> {
  yield* missingInProduction(variables);
  for (const variable of HTTPS_VARIABLES) {
    const url = variables[variable];
    if (url && !isHttps(url)) yield [variable, 'must be https in production'];
  }
  if (entriesOf(variables['CORS_ORIGINS'] ?? '').some((origin) => !isSecure(origin)))
    yield ['CORS_ORIGINS', 'must be https origins in production (http only for loopback)'];
  const needed = Number(variables['ZOOM_TOKEN_TIMEOUT_MS'] ?? DEFAULT_TOKEN_TIMEOUT_MS) + TIME_TO_STORE_MS;
  // A refresh that a shutdown cuts off may have been answered: its connection would be lost.
  if (Number(variables['SHUTDOWN_TIMEOUT_MS'] ?? DEFAULT_SHUTDOWN_TIMEOUT_MS) < needed)
    yield [
      'SHUTDOWN_TIMEOUT_MS',
      `must be at least ZOOM_TOKEN_TIMEOUT_MS and five seconds (${needed}), so that no refresh is cut off`,
    ];
  const proxies = entriesOf(variables['TRUST_PROXY'] ?? '');
  if (proxies.some((entry) => entry === 'true' || /\/0+$/.test(entry)))
    yield [
      'TRUST_PROXY',
      'would believe whatever callers say of their address; give the number of proxies in front, or their addresses',
    ];
}

function* missingInProduction(variables: Variables): Generator<Problem> {
  for (const variable of ZOOM_VARIABLES)
    if (!variables[variable]) yield [variable, 'is missing: production refuses the sandbox'];
  if (!variables['MONGODB_URI'])
    yield ['MONGODB_URI', 'is missing: production refuses the embedded database'];
  if (!variables['TOKEN_ENCRYPTION_KEYS'])
    yield ['TOKEN_ENCRYPTION_KEYS', 'is missing: production needs keys of its own'];
  if (!AUTH_VARIABLES.some((variable) => variables[variable]))
    yield [
      'AUTH_JWT_SECRET',
      'is missing: production needs AUTH_JWKS_URL, AUTH_JWT_PUBLIC_KEY or AUTH_JWT_SECRET',
    ];
  // RFC 8725 §3.8 and §3.9: without them, a token that the platform signs for another service is accepted.
  for (const variable of ['AUTH_JWT_ISSUER', 'AUTH_JWT_AUDIENCE'])
    if (!variables[variable])
      yield [variable, 'is missing: production takes only tokens that were made for this server'];
  if (!variables['CORS_ORIGINS'] && !variables['DEFAULT_RETURN_TO'] && variables['SERVE_PAGES'] !== 'true')
    yield [
      'CORS_ORIGINS',
      'is missing: browsers could not call this server, and would end on a page that is not served; set it or DEFAULT_RETURN_TO',
    ];
}

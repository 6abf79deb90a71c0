import { type Config } from './config.js';

/** What is on, in words for the log and for `--check-config`. Names, hosts and key ids, and never a secret. */
export type ConfigDescription = Readonly<Record<string, string | number | boolean | readonly string[]>>;

/** Describes a configuration. Reads nothing but its argument. */
export function describeConfig(config: Config): ConfigDescription {
  const { zoom, http, events, fallbacks, proxies, timing } = config;
  return {
    mode: config.production ? 'production' : 'development',
    zoom: zoom ? new URL(zoom.oauthBaseUrl).host : 'sandbox',
    redirectUri: zoom?.redirectUri ?? 'of the sandbox',
    database: config.mongodbUri ? 'MONGODB_URI' : 'embedded',
    encryptionKeys: config.encryptionKeys?.map(({ kid }) => kid) ?? 'kept with the data',
    ...describeAuthentication(config),
    webhooks: !zoom || Boolean(zoom.webhookSecretTokens),
    events: Boolean(events.endpoint),
    fallbacks: [
      ...(fallbacks.zoomApp || !zoom ? ['Zoom'] : []),
      ...(fallbacks.googleMeet ? ['Google Meet'] : []),
    ],
    pages: http.pages,
    corsOrigins: http.corsOrigins,
    trustProxy: http.trustProxy,
    outgoingProxies: [...(proxies.http ? ['http'] : []), ...(proxies.https ? ['https'] : [])],
    listenOn: `${http.host}:${http.port}`,
    shutdownTimeoutMs: timing.shutdownTimeoutMs,
    logLevel: config.logLevel,
  };
}

function describeAuthentication({ authentication }: Config): ConfigDescription {
  if (!authentication) return { platformKeys: 'of the development issuer' };
  const { sources, issuer, audience, type } = authentication;
  return {
    platformKeys: sources.map((source) =>
      source.kind === 'jwks' ? `JWKS of ${new URL(source.url).host}` : source.kind,
    ),
    issuer: issuer ?? 'any',
    audience: audience ?? 'any',
    tokenType: type ?? 'JWT or at+jwt',
  };
}

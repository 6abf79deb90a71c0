import { z } from 'zod';
import { type EventsEndpointSettings } from '../events/events-endpoint.js';
import { Secret } from '../lib/secret.js';
import { endpointUrl } from './secure-url.js';

/** Where events are sent. Without an endpoint they are not sent. */
export interface EventsConfig {
  endpoint?: EventsEndpointSettings;
}

/** Standard Webhooks: `whsec_` and the base64 of 24 to 64 bytes. */
function isSigningSecret(secret: string): boolean {
  const [, base64 = ''] = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(secret) ?? [];
  const { length } = Buffer.from(base64, 'base64');
  return base64.length % 4 === 0 && length >= 24 && length <= 64;
}

/** The variables, each with its own rule. */
export const eventsFields = {
  EVENTS_WEBHOOK_URL: endpointUrl.optional(),
  EVENTS_WEBHOOK_SECRETS: z
    .string()
    .transform((list) => list.split(',').map((secret) => secret.trim()))
    .refine(
      (secrets) => secrets.every(isSigningSecret),
      'must be whsec_ and the base64 of 24 to 64 bytes, comma separated',
    )
    .optional(),
};

type Variable = keyof typeof eventsFields;

/** The rule between the variables: both must be set, or neither. */
export function* eventsProblems(variables: Partial<Record<Variable, string>>): Generator<[Variable, string]> {
  const { EVENTS_WEBHOOK_URL: url, EVENTS_WEBHOOK_SECRETS: secrets } = variables;
  if (secrets && !url) yield ['EVENTS_WEBHOOK_URL', 'is missing beside EVENTS_WEBHOOK_SECRETS'];
  if (url && !secrets) yield ['EVENTS_WEBHOOK_SECRETS', 'is missing beside EVENTS_WEBHOOK_URL'];
}

/** The endpoint that the environment sets. */
export function eventsOf({
  EVENTS_WEBHOOK_URL: url,
  EVENTS_WEBHOOK_SECRETS: secrets,
}: z.infer<z.ZodObject<typeof eventsFields>>): EventsConfig {
  if (!url || !secrets) return {};
  return { endpoint: { url: new Secret(url), secrets: secrets.map((secret) => new Secret(secret)) } };
}

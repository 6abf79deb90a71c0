import { z } from 'zod';
import { Secret } from '../lib/secret.js';

/** Who may read the schema. */
export type IntrospectionSetting = 'everybody' | 'authenticated' | 'nobody';

/** What the API lets clients do, and who may read the metrics. */
export interface ApiConfig {
  introspection: IntrospectionSetting;
  /** The path of a manifest of trusted documents. Undefined: every document is run that keeps the limits. */
  trustedDocumentsFile: string | undefined;
  /** Undefined: in production `/metrics` is not served, elsewhere it needs no token. */
  metricsToken: Secret | undefined;
  /** Meetings that the platform hosts for one user in a day. */
  hostedMeetingsPerDay: number;
}

/** The variables, each with its own rule. */
export const apiFields = {
  GRAPHQL_INTROSPECTION: z.enum(['true', 'false', 'authenticated']).optional(),
  GRAPHQL_TRUSTED_DOCUMENTS: z.string().optional(),
  METRICS_TOKEN: z.string().trim().min(16, 'must have at least 16 characters').optional(),
  HOSTED_MEETINGS_PER_DAY: z.coerce.number().int().min(1).max(10_000).default(30),
};

const ACCESS = { true: 'everybody', authenticated: 'authenticated', false: 'nobody' } as const;

/** What the environment sets, with defaults that are strict in production. */
export function apiOf(env: z.infer<z.ZodObject<typeof apiFields>>, production: boolean): ApiConfig {
  const introspection = ACCESS[env.GRAPHQL_INTROSPECTION ?? (production ? 'authenticated' : 'true')];
  return {
    // Whoever allows only trusted documents does not want the introspection.
    introspection: env.GRAPHQL_TRUSTED_DOCUMENTS === undefined ? introspection : 'nobody',
    trustedDocumentsFile: env.GRAPHQL_TRUSTED_DOCUMENTS,
    metricsToken: env.METRICS_TOKEN === undefined ? undefined : new Secret(env.METRICS_TOKEN),
    hostedMeetingsPerDay: env.HOSTED_MEETINGS_PER_DAY,
  };
}

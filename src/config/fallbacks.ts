import { createPrivateKey } from 'node:crypto';
import { z } from 'zod';
import { Secret } from '../lib/secret.js';
import { baseUrl, endpointUrl } from './secure-url.js';

/** Who hosts meetings for users who cannot host them themselves. An absent fallback is not tried. */
export interface FallbackConfig {
  zoomApp?: ZoomAppConfig;
  googleMeet?: GoogleMeetConfig;
}

/** The platform's Server-to-Server app at Zoom. */
export interface ZoomAppConfig {
  accountId: string;
  clientId: string;
  clientSecret: Secret;
  /** Id or email of the Zoom user who hosts its meetings. */
  hostUser: string;
}

/** The service account that creates Google Meet spaces. */
export interface GoogleMeetConfig {
  clientEmail: string;
  /** PEM, PKCS #8. */
  privateKey: Secret;
  /** The Google Workspace user it acts for (domain-wide delegation). */
  subject: string;
  tokenUrl: string;
  apiUrl: string;
}

/** RFC 7518 §3.3: RS256 must not be used with less. */
const SMALLEST_RSA_BITS = 2048;

const text = z.string().trim().optional();
const privateKey = z
  .string()
  .transform((pem) => pem.replaceAll('\\n', '\n'))
  .refine((pem) => {
    try {
      const { asymmetricKeyType, asymmetricKeyDetails } = createPrivateKey(pem);
      return asymmetricKeyType === 'rsa' && (asymmetricKeyDetails?.modulusLength ?? 0) >= SMALLEST_RSA_BITS;
    } catch {
      return false;
    }
  }, 'must be a PEM private RSA key (PKCS #8) of 2048 bits or more')
  .optional();

/** The variables, each with its own rule. */
export const fallbackFields = {
  ZOOM_APP_ACCOUNT_ID: text,
  ZOOM_APP_CLIENT_ID: text,
  ZOOM_APP_CLIENT_SECRET: text,
  ZOOM_APP_HOST_USER: text,
  GOOGLE_MEET_CLIENT_EMAIL: text,
  GOOGLE_MEET_PRIVATE_KEY: privateKey,
  GOOGLE_MEET_SUBJECT: text,
  GOOGLE_MEET_TOKEN_URL: endpointUrl.default('https://oauth2.googleapis.com/token'),
  GOOGLE_MEET_API_URL: baseUrl.default('https://meet.googleapis.com'),
};

type Variable = keyof typeof fallbackFields;
type Variables = z.infer<z.ZodObject<typeof fallbackFields>>;

const APP_VARIABLES = [
  'ZOOM_APP_ACCOUNT_ID',
  'ZOOM_APP_CLIENT_ID',
  'ZOOM_APP_CLIENT_SECRET',
  'ZOOM_APP_HOST_USER',
] as const;
const MEET_VARIABLES = [
  'GOOGLE_MEET_CLIENT_EMAIL',
  'GOOGLE_MEET_PRIVATE_KEY',
  'GOOGLE_MEET_SUBJECT',
] as const;

/** The rules between the variables: each fallback has all of its variables or none. */
export function* fallbackProblems(
  variables: Partial<Record<Variable | 'ZOOM_USER_MANAGED_CLIENT_ID', string>>,
): Generator<[Variable, string]> {
  for (const group of [APP_VARIABLES, MEET_VARIABLES]) {
    const present = group.filter((variable) => variables[variable]);
    for (const variable of group)
      if (present.length > 0 && !variables[variable])
        yield [variable, `is missing beside ${present.join(' and ')}`];
  }
  if (variables.ZOOM_APP_ACCOUNT_ID && !variables.ZOOM_USER_MANAGED_CLIENT_ID)
    yield ['ZOOM_APP_ACCOUNT_ID', 'has no meaning in the sandbox, which brings an app of its own'];
}

/** The fallbacks that the environment sets. */
export function fallbacksOf(env: Variables): FallbackConfig {
  const zoomApp = zoomAppOf(env);
  const googleMeet = googleMeetOf(env);
  return { ...(zoomApp && { zoomApp }), ...(googleMeet && { googleMeet }) };
}

function zoomAppOf(env: Variables): ZoomAppConfig | undefined {
  const { ZOOM_APP_ACCOUNT_ID: accountId, ZOOM_APP_CLIENT_ID: clientId } = env;
  const { ZOOM_APP_CLIENT_SECRET: secret, ZOOM_APP_HOST_USER: hostUser } = env;
  if (!accountId || !clientId || !secret || !hostUser) return undefined;
  return { accountId, clientId, clientSecret: new Secret(secret), hostUser };
}

function googleMeetOf(env: Variables): GoogleMeetConfig | undefined {
  const { GOOGLE_MEET_CLIENT_EMAIL: clientEmail, GOOGLE_MEET_PRIVATE_KEY: key } = env;
  const { GOOGLE_MEET_SUBJECT: subject } = env;
  if (!clientEmail || !key || !subject) return undefined;
  const urls = { tokenUrl: env.GOOGLE_MEET_TOKEN_URL, apiUrl: env.GOOGLE_MEET_API_URL };
  return { clientEmail, privateKey: new Secret(key), subject, ...urls };
}

import { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { AppError } from '../lib/errors.js';
import { withTimeout } from '../lib/timing.js';
import { type Authorizations, type StartedAuthorization } from '../grants/connect/authorization-flow.js';
import { type CallbackOutcome, callbackRedirect } from '../grants/connect/callback-outcome.js';
import { addressKeyOf, deviceInfoOf } from './request-facts.js';

/** The path of the redirect URI that is registered at Zoom. */
export const CALLBACK_PATH = '/api/zoom/oauth/user-callback';

/** How long a browser waits here. What Zoom answers later is stored all the same. */
const ANSWER_WITHIN_MS = 45_000;

export interface CallbackDependencies {
  authorizations: Pick<Authorizations, 'complete'>;
  /** Whether the redirect URI is https. Then cookies are `Secure`. */
  secure: boolean;
  defaultReturnTo: string;
  /** Counts a callback that belongs to no authorization. False: too many came from this address. */
  allowsAddress: (address: string) => Promise<boolean>;
  /** Lets a shutdown wait for a callback whose browser has gone. */
  track: (work: Promise<unknown>) => void;
  countOutcome: (outcome: string) => void;
}

/** Receives Zoom's redirect (RFC 6749 §4.1.2). Answers every GET of a person with a redirect to the frontend. */
export function registerCallback(app: FastifyInstance, dependencies: CallbackDependencies): void {
  const { secure, countOutcome } = dependencies;
  // HEAD is safe (RFC 9110 §9.2.1): it must not redeem the code.
  app.head(CALLBACK_PATH, (_request, reply) => noStore(reply).code(405).header('allow', 'GET').send());
  app.get(CALLBACK_PATH, { exposeHeadRoute: false }, async (request, reply) => {
    // A browser that is only guessing asks again when the user really comes.
    if (isPrefetch(request)) return noStore(reply).code(503).send();
    let usedCookie: string | undefined;
    const bindingOf = (cookieId: string) => {
      usedCookie = cookieName(cookieId, secure);
      return request.cookies[usedCookie];
    };
    const outcome = await complete(dependencies, request, bindingOf);
    countOutcome(outcome.reason ?? 'connected');
    const isSpent = outcome.reason !== 'browser_mismatch' && outcome.reason !== 'try_again';
    if (usedCookie && request.cookies[usedCookie] && isSpent)
      void reply.clearCookie(usedCookie, { path: '/', secure, httpOnly: true, sameSite: 'lax' });
    // This URL holds the code and the state. It must reach neither a cache nor a Referer header.
    return noStore(reply).header('referrer-policy', 'no-referrer').redirect(callbackRedirect(outcome), 303);
  });
}

async function complete(
  { authorizations, defaultReturnTo, allowsAddress, track }: CallbackDependencies,
  request: FastifyRequest,
  bindingOf: (cookieId: string) => string | undefined,
): Promise<CallbackOutcome> {
  const query = new URL(request.url, 'http://localhost').searchParams;
  const origin = {
    actor: { kind: 'system' as const },
    correlationId: request.id,
    deviceInfo: deviceInfoOf(request),
  };
  const completed = authorizations
    .complete(query, bindingOf, origin, () => allowsAddress(addressKeyOf(request.ip)))
    .catch((error: unknown): CallbackOutcome => {
      if (error instanceof AppError) request.log.warn({ code: error.code }, 'callback refused');
      else request.log.error({ err: error }, 'callback failed');
      return { returnTo: defaultReturnTo, reason: 'exchange_failed' };
    });
  track(completed);
  const outcome = await withTimeout(completed, ANSWER_WITHIN_MS, undefined);
  if (outcome?.reason === 'try_again') request.log.warn('callback refused: too many from this address');
  return outcome ?? { returnTo: defaultReturnTo, reason: 'zoom_unavailable' };
}

/** Whether a browser fetches the page in advance (`Sec-Purpose`, and its older names). */
function isPrefetch({ headers }: FastifyRequest): boolean {
  const purposes = ['sec-purpose', 'purpose', 'x-purpose', 'x-moz'].map((name) => headers[name]);
  return purposes.some(
    (purpose) => typeof purpose === 'string' && /\b(prefetch|prerender|preview)\b/i.test(purpose),
  );
}

function noStore(reply: FastifyReply): FastifyReply {
  return reply.header('cache-control', 'no-store');
}

/** Sets the cookie that ties an authorization to the browser that began it. The callback refuses any other browser. */
export function setBrowserBinding(
  reply: FastifyReply,
  { cookieId, value, maxAgeMs }: StartedAuthorization['browserBinding'],
  secure: boolean,
): void {
  void reply.setCookie(cookieName(cookieId, secure), value.reveal(), {
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    secure,
    maxAge: maxAgeMs / 1000,
  });
}

function cookieName(cookieId: string, secure: boolean): string {
  return `${secure ? '__Host-' : ''}zoom_auth_${cookieId}`;
}

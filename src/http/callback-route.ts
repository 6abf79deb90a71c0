import { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { AppError } from '../lib/errors.js';
import { type Authorizations, type StartedAuthorization } from '../grants/connect/authorization-flow.js';
import { type CallbackOutcome, callbackRedirect } from '../grants/connect/callback-outcome.js';
import { deviceInfoOf } from './request-facts.js';

/** The path of the redirect URI that is registered at Zoom. */
export const CALLBACK_PATH = '/api/zoom/oauth/user-callback';

export interface CallbackDependencies {
  authorizations: Authorizations;
  /** Whether the redirect URI is https. Then cookies are `Secure`. */
  secure: boolean;
  defaultReturnTo: string;
  /** @throws AppError `RATE_LIMITED` */
  limitAddress: (address: string) => Promise<void>;
  countOutcome: (outcome: string) => void;
}

/** Receives Zoom's redirect (RFC 6749 §4.1.2). Always answers with a redirect to the frontend. */
export function registerCallback(app: FastifyInstance, dependencies: CallbackDependencies): void {
  const { authorizations, secure, defaultReturnTo, limitAddress, countOutcome } = dependencies;
  app.get(CALLBACK_PATH, async (request, reply) => {
    let usedCookie: string | undefined;
    const bindingOf = (cookieId: string) => {
      usedCookie = cookieName(cookieId, secure);
      return request.cookies[usedCookie];
    };
    const outcome = await complete(request, bindingOf);
    countOutcome(outcome.reason ?? 'connected');
    if (usedCookie && request.cookies[usedCookie] && outcome.reason !== 'browser_mismatch')
      void reply.clearCookie(usedCookie, { path: '/', secure, httpOnly: true, sameSite: 'lax' });
    // This URL holds the code and the state. It must reach neither a cache nor a Referer header.
    return reply
      .header('cache-control', 'no-store')
      .header('referrer-policy', 'no-referrer')
      .redirect(callbackRedirect(outcome), 303);
  });

  async function complete(
    request: FastifyRequest,
    bindingOf: (cookieId: string) => string | undefined,
  ): Promise<CallbackOutcome> {
    const query = new URL(request.url, 'http://localhost').searchParams;
    const origin = {
      actor: { kind: 'system' as const },
      correlationId: request.id,
      deviceInfo: deviceInfoOf(request),
    };
    try {
      await limitAddress(request.ip);
      return await authorizations.complete(query, bindingOf, origin);
    } catch (error) {
      if (error instanceof AppError) request.log.warn({ code: error.code }, 'callback refused');
      else request.log.error({ err: error }, 'callback failed');
      return { returnTo: defaultReturnTo, reason: 'exchange_failed' };
    }
  }
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

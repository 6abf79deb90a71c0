import { type FastifyInstance, type FastifyRequest } from 'fastify';
import { type Clock } from '../lib/clock.js';
import { type Secret } from '../lib/secret.js';
import { type Deauthorizations } from '../grants/disconnect/deauthorizations.js';
import { parseWebhook, type WebhookEvent } from '../zoom/webhook-event.js';
import { webhookLagMs } from '../zoom/webhook-lag.js';
import { answerChallenge, verifyWebhook, type WebhookSignature } from '../zoom/webhook.js';

/** Zoom sends its webhooks here. */
export const WEBHOOK_PATH = '/api/zoom/webhook';
const RAW_BYTES = 'application/octet-stream';

export interface WebhookDependencies {
  deauthorizations: Deauthorizations;
  /** The app's secret tokens: one, and the next or the last one while it is changed. */
  secretTokens: readonly [Secret, ...Secret[]];
  /** Our app at Zoom. Events about other apps are ignored. */
  clientId: string;
  clock: Clock;
  /** Counts a webhook by the kind of its event; `refused` if it is not genuine, `unreadable` if it holds no event. */
  countOutcome: (outcome: string) => void;
  /** How long a genuine webhook was under way, if it names the time of its event. */
  observeLag: (lagMs: number) => void;
}

/** Zoom's events are small; a payload that grows must not be refused, because Zoom does not repeat it after a 413. */
const MAX_BODY_BYTES = 1024 * 1024;

/** What became of a webhook: a label of the metric, and what Zoom is answered if that is more than 200. */
interface Outcome {
  kind: string;
  answer?: object;
}

/**
 * Receives Zoom's webhooks. Answers 200 to every genuine one, known or not: Zoom does not repeat a webhook after a 4xx,
 * and disables endpoints that fail. Answers 401 when it is not genuine, 500 when it could not be stored, so that Zoom
 * sends it again, and 405 to other methods than POST.
 */
export async function registerWebhook(
  app: FastifyInstance,
  dependencies: WebhookDependencies,
): Promise<void> {
  const { secretTokens, clock, countOutcome, observeLag } = dependencies;
  await app.register((scope, _options, done) => {
    // The signature is over the raw bytes, so the body must not be parsed first.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(RAW_BYTES, { parseAs: 'buffer' }, (_request, body, parsed) => {
      parsed(null, body);
    });
    // The bytes are verified, so their name does not matter. Fastify would answer 415 to one it cannot read.
    scope.addHook('onRequest', (request, _reply, next) => {
      request.raw.headers['content-type'] = RAW_BYTES;
      next();
    });
    scope.post(WEBHOOK_PATH, { bodyLimit: MAX_BODY_BYTES }, async (request, reply) => {
      const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
      const now = clock();
      const verdictOf = (token: Secret) => verifyWebhook(body, signatureOf(request.headers), token, now);
      // The token that signed the request also answers its challenge.
      const signer = secretTokens.find((token) => verdictOf(token) !== 'forged') ?? secretTokens[0];
      const verdict = verdictOf(signer);
      if (verdict !== 'genuine') {
        countOutcome('refused');
        request.log.warn({ reason: verdict }, 'webhook refused');
        return reply.code(401).send({ error: verdict });
      }
      const lagMs = webhookLagMs(body, now);
      if (lagMs !== undefined) observeLag(lagMs);
      const event = parseWebhook(body, now);
      const outcome = event ? await act(event, request, signer, dependencies) : { kind: 'unreadable' };
      countOutcome(outcome.kind);
      return outcome.answer ?? { status: 'ok' };
    });
    scope.route({
      method: ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE'],
      url: WEBHOOK_PATH,
      handler: (_request, reply) =>
        reply.code(405).header('allow', 'POST').send({ error: 'method_not_allowed' }),
    });
    done();
  });
}

async function act(
  event: WebhookEvent,
  { id: correlationId, log }: FastifyRequest,
  signer: Secret,
  { deauthorizations, clientId }: WebhookDependencies,
): Promise<Outcome> {
  const { kind } = event;
  if (kind === 'url_validation') return { kind, answer: answerChallenge(event.plainToken, signer) };
  if (kind === 'unknown_user') log.warn('a deauthorization does not tell which user removed the app');
  if (kind !== 'app_deauthorized') return { kind };
  // defence: webhook-of-this-app
  if (event.clientId !== undefined && event.clientId !== clientId) {
    log.info('a deauthorization of another app was ignored');
    return { kind: 'other_app' };
  }
  await deauthorizations.deauthorize(event.zoomUserId, event.removal, correlationId);
  return { kind };
}

function signatureOf(headers: Record<string, string | string[] | undefined>): WebhookSignature {
  const text = (name: string) => {
    const value = headers[name];
    return typeof value === 'string' ? value : undefined;
  };
  return { signature: text('x-zm-signature'), timestamp: text('x-zm-request-timestamp') };
}

import { type FastifyInstance } from 'fastify';
import { type Clock } from '../lib/clock.js';
import { type Secret } from '../lib/secret.js';
import { type Deauthorizations } from '../grants/disconnect/deauthorizations.js';
import {
  answerChallenge,
  parseWebhook,
  verifyWebhook,
  type WebhookEvent,
  type WebhookSignature,
} from '../zoom/webhook.js';

/** Zoom sends its webhooks here. */
export const WEBHOOK_PATH = '/api/zoom/webhook';

export interface WebhookDependencies {
  deauthorizations: Deauthorizations;
  /** The app's secret tokens: one, and the next or the last one while it is changed. */
  secretTokens: readonly [Secret, ...Secret[]];
  /** Our app at Zoom. Events about other apps are ignored. */
  clientId: string;
  clock: Clock;
  countOutcome: (outcome: string) => void;
}

/**
 * Receives Zoom's webhooks. Answers 200 to every genuine one, known or not: Zoom does not repeat a webhook after a 4xx,
 * and disables endpoints that fail. Answers 401 when it is not genuine, and 500 when it could not be stored, so that
 * Zoom sends it again.
 */
export async function registerWebhook(
  app: FastifyInstance,
  dependencies: WebhookDependencies,
): Promise<void> {
  await app.register((scope, _options, done) => {
    // The signature is over the raw bytes, so the body must not be parsed first.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, parsed) => {
      parsed(null, body);
    });
    scope.post(WEBHOOK_PATH, async (request, reply) => {
      const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
      const outcome = await receive(body, signatureOf(request.headers), request.id);
      dependencies.countOutcome(outcome.kind);
      if (outcome.kind === 'refused') {
        request.log.warn({ reason: outcome.reason }, 'webhook refused');
        return reply.code(401).send({ error: outcome.reason });
      }
      return outcome.answer ?? { status: 'ok' };
    });
    done();
  });

  async function receive(body: Buffer, signature: WebhookSignature, correlationId: string) {
    const { secretTokens, clock } = dependencies;
    const now = clock();
    const verdictOf = (token: Secret) => verifyWebhook(body, signature, token, now);
    // The token that signed the request also answers its challenge.
    const signer = secretTokens.find((token) => verdictOf(token) !== 'forged') ?? secretTokens[0];
    const verdict = verdictOf(signer);
    if (verdict !== 'genuine') return { kind: 'refused' as const, reason: verdict };
    const event = parseWebhook(body);
    return {
      kind: event?.kind ?? ('unreadable' as const),
      answer: event && (await act(event, signer, correlationId)),
    };
  }

  async function act(event: WebhookEvent, signer: Secret, correlationId: string) {
    const { deauthorizations, clientId } = dependencies;
    if (event.kind === 'url_validation') return answerChallenge(event.plainToken, signer);
    if (event.kind === 'app_deauthorized' && /* defence: webhook-of-this-app */ event.clientId === clientId)
      await deauthorizations.deauthorize(event.zoomUserId, event.deauthorizedAt, correlationId);
    return undefined;
  }
}

function signatureOf(headers: Record<string, string | string[] | undefined>): WebhookSignature {
  const text = (name: string) => {
    const value = headers[name];
    return typeof value === 'string' ? value : undefined;
  };
  return { signature: text('x-zm-signature'), timestamp: text('x-zm-request-timestamp') };
}

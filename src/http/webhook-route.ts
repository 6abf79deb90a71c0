import { type FastifyInstance } from 'fastify';
import { type Clock } from '../lib/clock.js';
import { type Secret } from '../lib/secret.js';
import { type Deauthorizations } from '../grants/disconnect/deauthorizations.js';
import { answerChallenge, parseWebhook, refuseWebhook, type WebhookEvent } from '../zoom/webhook.js';

/** Zoom's events arrive here. */
export const WEBHOOK_PATH = '/api/zoom/webhook';

/** What the webhook works with. */
export interface WebhookDependencies {
  deauthorizations: Deauthorizations;
  secretToken: Secret;
  /** Events about other apps are let be. */
  clientId: string;
  clock: Clock;
  countOutcome: (outcome: string) => void;
}

/**
 * Takes Zoom's events. Answers 200 for whatever is genuine, known or not (Zoom never repeats after a 4xx and disables
 * endpoints that fail), 401 for what is not, and 500 when it could not be stored, so that Zoom sends it again.
 */
export async function registerWebhook(
  app: FastifyInstance,
  dependencies: WebhookDependencies,
): Promise<void> {
  await app.register((scope, _options, done) => {
    // The signature is over the very bytes; a parsed and re-written body would be another.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, parsed) => {
      parsed(null, body);
    });
    scope.post(WEBHOOK_PATH, async (request, reply) => {
      const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
      const outcome = await take(body, headersOf(request.headers), request.id);
      dependencies.countOutcome(outcome.kind);
      if (outcome.kind === 'refused') {
        request.log.warn({ reason: outcome.reason }, 'webhook refused');
        return reply.code(401).send({ error: outcome.reason });
      }
      return outcome.answer ?? { status: 'ok' };
    });
    done();
  });

  async function take(body: Buffer, signature: ReturnType<typeof headersOf>, correlationId: string) {
    const reason = refuseWebhook(body, signature, dependencies.secretToken, dependencies.clock());
    if (reason) return { kind: 'refused' as const, reason };
    const event = parseWebhook(body);
    return {
      kind: event?.kind ?? ('unreadable' as const),
      answer: event && (await act(event, correlationId)),
    };
  }

  async function act(event: WebhookEvent, correlationId: string) {
    const { deauthorizations, secretToken, clientId } = dependencies;
    if (event.kind === 'url_validation') return answerChallenge(event.plainToken, secretToken);
    if (event.kind === 'app_deauthorized' && /* defence: webhook-of-this-app */ event.clientId === clientId)
      await deauthorizations.deauthorize(event.zoomUserId, event.deauthorizedAt, correlationId);
    return undefined;
  }
}

function headersOf(headers: Record<string, string | string[] | undefined>) {
  const text = (name: string) => {
    const value = headers[name];
    return typeof value === 'string' ? value : undefined;
  };
  return { signature: text('x-zm-signature'), timestamp: text('x-zm-request-timestamp') };
}

import { createHmac } from 'node:crypto';
import { WEBHOOK_PATH } from '../../src/http/webhook-route.js';
import { type SeededRandom } from '../support/seeded-random.js';
import { damagedBytes, damagedJson, jsonText, ODD_TEXTS, oddValue, pick } from './mutations.js';
import { type HttpRequest, someAddress } from './requests.js';
import { asHeader } from './tokens.js';
import { type World } from './world.js';

/** An event as Zoom sends it (docs/zoom-protocol.md §7). */
function someEvent(random: SeededRandom, world: World): object {
  const time = new Date(Date.now() - random.below(600_000)).toISOString();
  return pick(random, [
    {
      event: 'endpoint.url_validation',
      payload: { plainToken: `token-${random.below(1e9)}` },
      event_ts: Date.now(),
    },
    {
      event: 'app_deauthorized',
      event_ts: Date.now(),
      payload: {
        account_id: 'account',
        user_id: random.chance(0.3) ? world.zoomUser(random) : `unknown-${random.below(1e6)}`,
        client_id: random.chance(0.9) ? world.clientId : 'another-app',
        signature: 'x',
        deauthorization_time: time,
      },
    },
    {
      event: 'meeting.started',
      payload: { object: { id: pick(random, world.meetingIds) } },
      event_ts: Date.now(),
    },
  ]);
}

function bodyOf(random: SeededRandom, world: World): Buffer {
  const event = random.chance(0.4) ? damagedJson(random, someEvent(random, world)) : someEvent(random, world);
  const bytes = Buffer.from(jsonText(random.chance(0.05) ? oddValue(random) : event));
  if (random.chance(0.05)) return Buffer.concat([Buffer.from('\uFEFF'), bytes]);
  if (random.chance(0.02)) return Buffer.alloc(random.below(900_000), '[');
  return random.chance(0.15) ? damagedBytes(random, bytes) : bytes;
}

/** A webhook: signed correctly and answered 200 whatever it holds, or signed wrongly and answered 401. */
export function webhookRequest(random: SeededRandom, world: World): HttpRequest {
  const body = bodyOf(random, world);
  const timestamp = String(Math.floor(Date.now() / 1000));
  const signature = sign(world.production.secrets['webhook secret token'] ?? '', timestamp, body);
  const common = {
    ...{ channel: 'webhook' as const, method: 'POST', path: WEBHOOK_PATH, body },
    headers: {
      'x-forwarded-for': someAddress(random),
      'content-type': random.chance(0.8) ? 'application/json' : asHeader(pick(random, ODD_TEXTS)),
    },
  };
  if (random.chance(0.55))
    return { ...common, headers: { ...common.headers, ...signed(signature, timestamp) }, expected: [200] };
  const stale = String(Number(timestamp) - 301 - random.below(1e6));
  const wrong = pick(random, [
    {},
    signed(signature, ''),
    signed(
      signature.replace(/.$/, (last) => (last === '0' ? '1' : '0')),
      timestamp,
    ),
    signed(signature.slice(0, random.below(signature.length)), timestamp),
    signed(signature.toUpperCase(), timestamp),
    signed(sign('another secret', timestamp, body), timestamp),
    signed(sign(world.production.secrets['webhook secret token'] ?? '', stale, body), stale),
    signed(signature, asHeader(pick(random, ODD_TEXTS))),
    signed(asHeader(pick(random, ODD_TEXTS)), timestamp),
  ]);
  return { ...common, headers: { ...common.headers, ...wrong }, expected: [401] };
}

const signed = (signature: string, timestamp: string) => ({
  'x-zm-signature': signature,
  'x-zm-request-timestamp': timestamp,
});

function sign(secret: string, timestamp: string, body: Buffer): string {
  return `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:`).update(body).digest('hex')}`;
}

import { CALLBACK_PATH } from '../../src/http/callback-route.js';
import { type SeededRandom } from '../support/seeded-random.js';
import { damagedText, ODD_TEXTS, pick } from './mutations.js';
import { type HttpRequest, someAddress } from './requests.js';
import { asHeader } from './tokens.js';
import { type World } from './world.js';

const PARAMETERS = ['code', 'state', 'error', 'error_description', 'iss', 'response', 'id_token', 'x'];
/** Longer ones may be too large together with the cookie (431). */
const MAX_TARGET = 8_000;

/** A request to the callback: a genuine one, a genuine one with something wrong, or one that nobody has begun. */
export async function callbackRequest(random: SeededRandom, world: World): Promise<HttpRequest> {
  const pending = random.chance(0.35)
    ? await world.consent(world.user(random), world.zoomUser(random))
    : undefined;
  const headers: Record<string, string> = { 'x-forwarded-for': someAddress(random) };
  if (!pending)
    return request(random, `${CALLBACK_PATH}?${madeUp(random)}`, { ...headers, ...madeUpCookie(random) });
  if (random.chance(0.4)) {
    // Genuine: it is answered by a redirect, whatever Zoom says.
    const { target: path, cookie } = pending;
    return { channel: 'callback', method: 'GET', path, headers: { ...headers, cookie }, expected: [303] };
  }
  const target = random.chance(0.7) ? changedQuery(random, pending.target) : pending.target;
  const cookie = random.chance(0.4) ? asHeader(damagedText(random, pending.cookie)) : pending.cookie;
  return request(random, target, random.chance(0.15) ? headers : { ...headers, cookie });
}

function request(random: SeededRandom, target: string, headers: Record<string, string>): HttpRequest {
  const method = random.chance(0.92) ? 'GET' : pick(random, ['HEAD', 'POST', 'PUT', 'OPTIONS']);
  const path = random.chance(0.05) ? target.replace('?', pick(random, ['/?', '//?', '%2f?', '/%?'])) : target;
  const isWhole = path.startsWith(`${CALLBACK_PATH}?`) && method === 'GET';
  return {
    channel: 'callback',
    method,
    path: path.slice(0, MAX_TARGET),
    headers,
    expected: isWhole ? [303] : undefined,
  };
}

function changedQuery(random: SeededRandom, target: string): string {
  const [path = '', query = ''] = target.split('?');
  const parameters = new URLSearchParams(query);
  const name = pick(random, PARAMETERS);
  const value = pick(random, [parameters.get(name) ?? '', ...ODD_TEXTS]);
  if (random.chance(0.5)) parameters.set(name, damagedText(random, value));
  else if (random.chance(0.5)) parameters.append(name, value);
  else parameters.delete(name);
  return `${path}?${String(parameters)}`;
}

function madeUp(random: SeededRandom): string {
  const parameters = new URLSearchParams();
  for (const name of random.sample(PARAMETERS, random.below(5)))
    parameters.append(name, random.chance(0.5) ? pick(random, ODD_TEXTS) : 'v'.repeat(43));
  const text = String(parameters);
  return random.chance(0.2) ? asTarget(damagedText(random, text)) : text;
}

/** Only what a target may hold (RFC 9112 §3.2). Other bytes are for raw connections. */
const asTarget = (text: string) => text.replace(/[^\x21-\x7e]/g, '%c3').replaceAll('#', '');

function madeUpCookie(random: SeededRandom): Record<string, string> {
  if (random.chance(0.5)) return {};
  return {
    cookie: asHeader(
      `__Host-zoom_auth_${random.below(9)}=${pick(random, ODD_TEXTS)}; ${pick(random, ODD_TEXTS)}`,
    ),
  };
}

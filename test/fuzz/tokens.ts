import { JWT_SECRET } from '../support/harness.js';
import { type SeededRandom } from '../support/seeded-random.js';
import { damagedText, ODD_TEXTS, oddValue, pick } from './mutations.js';
import { signedToken, type World } from './world.js';

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const HEADERS: readonly object[] = [
  { alg: 'none' },
  { alg: 'nOnE', typ: 'JWT' },
  { alg: 'HS512' },
  { alg: 'RS256', kid: '../../key' },
  { alg: 'HS256', crit: ['b64'], b64: false },
  { alg: 'HS256', jku: 'http://127.0.0.1:1/keys' },
  {},
];
const CLAIMS = ['sub', 'role', 'roles', 'iss', 'aud', 'exp', 'nbf', 'iat'];

/** A header `Authorization` with a token that must not be accepted, or with none. */
function badAuthorization(random: SeededRandom, world: World): string {
  const token = world.token(world.user(random), 'user');
  const [header = '', payload = '', signature = ''] = token.split('.');
  return pick(random, [
    `Bearer ${header}.${payload}.`,
    `Bearer ${encode(pick(random, HEADERS))}.${payload}.${signature}`,
    `Bearer ${header}.${encode({ sub: 'someone', exp: 9_999_999_999 })}.${signature}`,
    `Bearer ${signedToken({ sub: 'someone' }, `${JWT_SECRET} of another platform`)}`,
    `Bearer ${signedToken({ sub: 'someone', exp: 1 })}`,
    `Bearer ${signedToken({ sub: 'someone', [pick(random, CLAIMS)]: oddValue(random) })}`,
    `Bearer ${asHeader(damagedText(random, token))}`,
    `Basic ${encode('a:b')}`,
    `Bearer ${asHeader(pick(random, ODD_TEXTS))}`,
  ]);
}

/** Only what a header may hold (RFC 9110 §5.5). Other bytes are for raw connections. */
export const asHeader = (text: string) => text.replace(/[^\t\x20-\x7e]/g, '?').slice(0, 1_500);

/** The header of a caller: mostly of a user, sometimes of a service or an admin, of a forger, or of nobody. */
export function someAuthorization(random: SeededRandom, world: World): { authorization?: string } {
  if (random.chance(0.15)) return {};
  if (random.chance(0.12)) return { authorization: badAuthorization(random, world) };
  const role = random.chance(0.75) ? 'user' : pick(random, ['service', 'admin', 'nobody']);
  return { authorization: `Bearer ${world.token(world.user(random), role)}` };
}

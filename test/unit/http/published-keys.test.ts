import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { type Fetch } from '../../../src/lib/http-client.js';
import { PublishedKeys } from '../../../src/http/published-keys.js';
import { movableClock } from '../../support/movable-clock.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

async function keyOf(kid: string): Promise<JWK> {
  const { publicKey } = await generateKeyPair('ES256', { extractable: true });
  return { ...(await exportJWK(publicKey)), kid, alg: 'ES256' };
}

/** An endpoint whose answer a test replaces. */
function endpoint(first: () => Response | Promise<Response>) {
  const clock = movableClock();
  const served = { answer: first, reads: 0, failures: [] as unknown[] };
  const fetch: Fetch = async () => {
    served.reads++;
    return served.answer();
  };
  const keys = new PublishedKeys({
    url: 'https://platform.example.com/jwks',
    fetch,
    clock,
    onFailure: (error) => served.failures.push(error),
  });
  const find = (kid: string) => keys.find({ alg: 'ES256', kid }, undefined as never);
  return { served, clock, find };
}

const published =
  (...keys: JWK[]) =>
  () =>
    Response.json({ keys });
const failing = (status: number) => () => new Response('down', { status });

const BAD_ANSWERS: [string, () => Response | Promise<Response>][] = [
  ['status 500', failing(500)],
  ['status 404', failing(404)],
  ['a redirect', () => new Response(null, { status: 302, headers: { location: 'https://evil.example/' } })],
  ['no keys at all', () => Response.json({ keys: [] })],
  ['another document', () => Response.json({ issuer: 'x' })],
  ['keys that are no objects', () => Response.json({ keys: ['x', null] })],
  ['symmetric keys alone', () => Response.json({ keys: [{ kty: 'oct', k: 'AAAA' }] })],
  ['no JSON', () => new Response('<html>')],
  ['null', () => Response.json(null)],
  ['more than 1 MB', () => new Response(`{"keys":[],"x":"${'x'.repeat(1_048_577)}"}`)],
  ['a connection that breaks', () => Promise.reject(new TypeError('fetch failed'))],
];

test.each(BAD_ANSWERS)('%s does not take known keys away, for 24 hours', async (_what, answer) => {
  const { served, clock, find } = endpoint(published(await keyOf('k1')));
  await find('k1');
  served.answer = answer;
  for (const ms of [2 * MINUTE, HOUR, 22 * HOUR]) {
    clock.advance(ms);
    await expect(find('k1')).resolves.toBeDefined();
  }
  clock.advance(HOUR);
  await expect(find('k1')).rejects.toMatchObject({ code: 'AUTHENTICATION_UNAVAILABLE' });
});

test.each(BAD_ANSWERS)(
  '%s at the first read: nobody can tell, and retryAt says when to ask again',
  async (_what, answer) => {
    const { served, clock, find } = endpoint(answer);
    const began = clock().getTime();
    const isHalfAMinuteLater = ({ details }: { details: { retryAt: Date } }) => {
      const pause = details.retryAt.getTime() - began;
      return pause >= 30_000 && pause < 40_000;
    };
    for (let caller = 0; caller < 100; caller++) {
      const error: unknown = await find(`k${caller}`).catch((reason: unknown) => reason);
      expect(error).toMatchObject({ code: 'AUTHENTICATION_UNAVAILABLE' });
      expect(isHalfAMinuteLater(error as never)).toBe(true);
    }
    expect(served.reads).toBe(1);
    expect(served.failures).toHaveLength(1);
    served.answer = published(await keyOf('k1'));
    clock.advance(30_000);
    await expect(find('k1')).resolves.toBeDefined();
  },
);

test('while the endpoint fails, tokens with unknown keys ask it once in 30 seconds', async () => {
  const { served, clock, find } = endpoint(published(await keyOf('k1')));
  await find('k1');
  served.answer = failing(503);
  clock.advance(MINUTE);
  for (let caller = 0; caller < 100; caller++)
    await expect(find(`unknown-${caller}`)).rejects.toMatchObject({ code: 'AUTHENTICATION_UNAVAILABLE' });
  expect(served.reads).toBe(2);
});

test('a withdrawn key is refused after a minute, while the endpoint is up', async () => {
  const { served, clock, find } = endpoint(published(await keyOf('k1'), await keyOf('k2')));
  await find('k1');
  served.answer = published(await keyOf('k2'));
  clock.advance(MINUTE);
  await expect(find('k1')).rejects.toMatchObject({ code: 'ERR_JWKS_NO_MATCHING_KEY' });
  await expect(find('k2')).resolves.toBeDefined();
});

test('a new key is found as soon as a token names it, half a minute after the last read', async () => {
  const { served, clock, find } = endpoint(published(await keyOf('k1')));
  await find('k1');
  served.answer = published(await keyOf('k1'), await keyOf('k2'));
  clock.advance(30_000);
  await expect(find('k2')).resolves.toBeDefined();
});

test('a hundred callers at once read the keys once', async () => {
  const { served, find } = endpoint(published(await keyOf('k1')));
  await Promise.all(Array.from({ length: 100 }, () => find('k1')));
  expect(served.reads).toBe(1);
});

test('an endpoint that hangs holds nobody up who has a known key', async () => {
  const { served, clock, find } = endpoint(published(await keyOf('k1')));
  await find('k1');
  served.answer = failing(503);
  clock.advance(MINUTE);
  await find('k1');
  served.answer = () => new Promise(() => undefined);
  clock.advance(MINUTE);
  await expect(find('k1')).resolves.toBeDefined();
  expect(served.reads).toBe(3);
});

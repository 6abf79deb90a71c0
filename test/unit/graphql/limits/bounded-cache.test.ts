import { BoundedCache } from '../../../../src/graphql/limits/bounded-cache.js';
import { seededRandom } from '../../../support/seeded-random.js';

const cacheOf = (bytes: number) => new BoundedCache<string>(bytes, (text) => text.length);

test('what was not used for the longest time goes first', async () => {
  const cache = cacheOf(9);
  for (const key of ['a', 'b', 'c']) await cache.set(key, 'xx');
  await cache.get('a');
  await cache.set('d', 'xx');
  expect(await Promise.all(['a', 'b', 'c', 'd'].map((key) => cache.get(key)))).toEqual([
    'xx',
    undefined,
    'xx',
    'xx',
  ]);
});

test('a value larger than the cache is not kept, and puts nothing else out', async () => {
  const cache = cacheOf(9);
  await cache.set('a', 'xx');
  await cache.set('b', 'x'.repeat(9));
  expect(await cache.get('b')).toBeUndefined();
  expect(await cache.get('a')).toBe('xx');
});

test('a key that is set again or deleted is counted once', async () => {
  const cache = cacheOf(6);
  for (let round = 0; round < 10; round++) await cache.set('a', 'xx');
  await cache.set('b', 'xx');
  expect(await cache.get('a')).toBe('xx');
  expect(await cache.delete('a')).toBe(true);
  expect(await cache.delete('a')).toBe(false);
  await cache.set('c', 'xx');
  expect(await cache.get('b')).toBe('xx');
});

test('it never holds more than its bound', async () => {
  const random = seededRandom(1);
  const cache = cacheOf(500);
  for (let round = 0; round < 2_000; round++) {
    await cache.set(`k${random.below(90)}`, 'x'.repeat(random.below(80)));
    if (round % 100 > 0) continue;
    const values = await Promise.all(Array.from({ length: 90 }, (_, index) => cache.get(`k${index}`)));
    const held = values.reduce(
      (sum, value, index) => sum + (value === undefined ? 0 : value.length + `k${index}`.length),
      0,
    );
    expect(held).toBeLessThanOrEqual(500);
  }
});

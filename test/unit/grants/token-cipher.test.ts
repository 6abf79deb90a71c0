import fc from 'fast-check';
import { CompactEncrypt, CompactSign, decodeProtectedHeader } from 'jose';
import { Secret } from '../../../src/lib/secret.js';
import {
  type EncryptionKey,
  type SealBinding,
  TokenCipher,
  TokenCipherError,
} from '../../../src/grants/token-cipher.js';

const keyOf = (kid: string, fill: number): EncryptionKey => ({ kid, key: new Uint8Array(32).fill(fill) });
const [oldKey, newKey] = [keyOf('2025', 1), keyOf('2026', 2)];
const cipher = new TokenCipher([oldKey]);
const binding: SealBinding = { userId: 'user-1', field: 'zoomAccessToken' };

/** The code that opening fails with; 'opened' when it does not. */
const refusal = (value: string, bound: SealBinding = binding, opener = cipher) =>
  opener.open(value, bound).then(
    () => 'opened',
    (error: unknown) => (error as TokenCipherError).code,
  );
const plaintext = Buffer.from('a token');

test('what is sealed opens to the same text, for its user and its field', async () => {
  const texts = fc.string({ unit: 'binary', maxLength: 400 });
  const fields = fc.constantFrom<SealBinding['field']>('zoomAccessToken', 'zoomRefreshToken', 'codeVerifier');
  await fc.assert(
    fc.asyncProperty(texts, fc.string({ unit: 'binary' }), fields, async (text, userId, field) => {
      const sealed = await cipher.seal(new Secret(text), { userId, field });
      return (await cipher.open(sealed, { userId, field })).reveal() === text;
    }),
    { numRuns: 60 },
  );
});

test('the same text never seals to the same value', async () => {
  const value = new Secret('a token');
  expect(await cipher.seal(value, binding)).not.toBe(await cipher.seal(value, binding));
});

test('the header names algorithm, key, user and field, and nothing else', async () => {
  const sealed = await cipher.seal(new Secret('a token'), binding);
  expect(decodeProtectedHeader(sealed)).toEqual({
    alg: 'dir',
    enc: 'A256GCM',
    kid: '2025',
    sub: 'user-1',
    field: 'zoomAccessToken',
  });
});

test.each<[string, SealBinding]>([
  ['another user', { userId: 'user-2', field: 'zoomAccessToken' }],
  ['another field', { userId: 'user-1', field: 'zoomRefreshToken' }],
])('a value swapped in from %s is FOREIGN', async (_from, bound) => {
  expect(await refusal(await cipher.seal(new Secret('a token'), binding), bound)).toBe('FOREIGN');
});

test('any changed character makes a value unreadable', async () => {
  const sealed = await cipher.seal(new Secret('a token'), binding);
  await fc.assert(
    fc.asyncProperty(fc.nat(sealed.length - 1), fc.constantFrom('A', 'z', '-', '.'), async (place, other) => {
      const changed = sealed.slice(0, place) + other + sealed.slice(place + 1);
      // Some last characters of base64url hold bits that decode to nothing.
      const meaning = (value: string) =>
        value
          .split('.')
          .map((part) => Buffer.from(part, 'base64url').toString('hex'))
          .join();
      return meaning(changed) === meaning(sealed) || (await refusal(changed)) !== 'opened';
    }),
    { numRuns: 60 },
  );
});

test('a header rewritten for another user does not open with the old ciphertext', async () => {
  const sealed = await cipher.seal(new Secret('a token'), binding);
  const header = { ...decodeProtectedHeader(sealed), sub: 'user-2' };
  const forged = [Buffer.from(JSON.stringify(header)).toString('base64url'), ...sealed.split('.').slice(1)];
  expect(await refusal(forged.join('.'), { ...binding, userId: 'user-2' })).toBe('TAMPERED');
});

test.each([
  ['plaintext', 'eyJ0eXAi is how a token may begin'],
  ['an empty text', ''],
  ['five dots of nothing', '....'],
])('%s is NOT_SEALED, never passed through', async (_what, value) => {
  expect(await refusal(value)).toBe('NOT_SEALED');
});

test('a signed token in a token field is refused, even under a known key id', async () => {
  const sign = (header: object) =>
    new CompactSign(plaintext).setProtectedHeader({ alg: 'HS256', ...header }).sign(oldKey.key);
  expect(await refusal(await sign({}))).toBe('UNKNOWN_KEY');
  expect(await refusal(await sign({ kid: '2025', sub: 'user-1', field: 'zoomAccessToken' }))).toBe(
    'TAMPERED',
  );
});

test.each([
  ['another key management', { alg: 'A256GCMKW', enc: 'A256GCM' }, 32],
  ['another content encryption', { alg: 'dir', enc: 'A128CBC-HS256' }, 32],
])('%s is refused although key and binding are right', async (_what, algorithms, length) => {
  const foreign = await new CompactEncrypt(plaintext)
    .setProtectedHeader({ ...algorithms, kid: '2025', sub: 'user-1', field: 'zoomAccessToken' })
    .encrypt(oldKey.key.subarray(0, length));
  expect(await refusal(foreign)).toBe('TAMPERED');
});

test('a right header over a wrong key is TAMPERED', async () => {
  const impostor = new TokenCipher([{ kid: '2025', key: new Uint8Array(32).fill(9) }]);
  expect(await refusal(await impostor.seal(new Secret('a token'), binding))).toBe('TAMPERED');
});

describe('key rotation', () => {
  const both = new TokenCipher([newKey, oldKey]);

  test('the first key seals', async () => {
    expect(decodeProtectedHeader(await both.seal(new Secret('a token'), binding)).kid).toBe('2026');
  });

  test('every key of the ring opens', async () => {
    const sealed = await cipher.seal(new Secret('a token'), binding);
    expect((await both.open(sealed, binding)).reveal()).toBe('a token');
  });

  test('what an older key sealed is not current, what the first sealed is', async () => {
    expect(both.isCurrent(await cipher.seal(new Secret('a token'), binding))).toBe(false);
    expect(both.isCurrent(await both.seal(new Secret('a token'), binding))).toBe(true);
  });

  test('a key taken from the ring is UNKNOWN_KEY', async () => {
    const sealed = await cipher.seal(new Secret('a token'), binding);
    expect(await refusal(sealed, binding, new TokenCipher([newKey]))).toBe('UNKNOWN_KEY');
  });
});

test('an error quotes neither the value nor the key', async () => {
  const error = (await cipher.open('the plain token', binding).catch((thrown: unknown) => thrown)) as Error;
  expect(error).toBeInstanceOf(TokenCipherError);
  expect(`${error.message} ${String(error.cause)}`).not.toMatch(/the plain token|AQEBAQ/);
});

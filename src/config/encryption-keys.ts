import { z } from 'zod';
import { type EncryptionKey } from '../grants/token-cipher.js';

/** `kid:base64-of-32-bytes`, comma separated. The value is a secret: no message quotes it. */
export const encryptionKeys = z.string().transform((list, context): [EncryptionKey, ...EncryptionKey[]] => {
  const keys = list.split(',').map(keyOf);
  const [first, ...others] = keys.filter((key) => key !== undefined);
  const problem =
    first && others.length + 1 === keys.length
      ? problemOf([first, ...others])
      : 'must be kid:base64-of-32-bytes, comma separated';
  if (first && problem === undefined) return [first, ...others];
  context.addIssue(problem ?? '');
  return z.NEVER;
});

function keyOf(entry: string): EncryptionKey | undefined {
  const [kid = '', base64 = '', ...rest] = entry.trim().split(':');
  const key = new Uint8Array(Buffer.from(base64, 'base64'));
  return /^[\w.-]{1,64}$/.test(kid) && rest.length === 0 && key.length === 32 ? { kid, key } : undefined;
}

function problemOf(keys: readonly EncryptionKey[]): string | undefined {
  const count = (values: unknown[]) => new Set(values).size;
  if (count(keys.map(({ kid }) => kid)) < keys.length) return 'has a kid twice';
  if (count(keys.map(({ key }) => Buffer.from(key).toString('hex'))) < keys.length)
    return 'has one key under two kids';
  if (keys.some(({ key }) => count([...key]) === 1))
    return 'has a key of 32 equal bytes, which is no key; take random bytes';
  return undefined;
}

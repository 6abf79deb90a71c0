/** An entry of TOKEN_ENCRYPTION_KEYS: the bytes count up from `first`. */
export function encryptionKey(kid: string, first = 7): string {
  const bytes = Array.from({ length: 32 }, (_, index) => (first + index) % 256);
  return `${kid}:${Buffer.from(bytes).toString('base64')}`;
}

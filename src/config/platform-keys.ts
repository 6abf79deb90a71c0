import { z } from 'zod';
import { readPublicKeys, verificationAlgorithms } from '../lib/public-key.js';

/** RFC 7518 §3.2: a key for HS256 has at least 256 bits. */
const SMALLEST_SECRET_BYTES = 32;

/** The platform's public keys: PEM blocks (SPKI), one after the other. `\n` stands for a line break. */
export const publicKeys = z
  .string()
  .transform((pem) => pem.replaceAll('\\n', '\n'))
  .transform((pem, context) => {
    const keys = readPublicKeys(pem);
    if (!keys) context.addIssue('must be a PEM public key (SPKI), or several one after the other');
    else if (keys.some((key) => verificationAlgorithms(key).length === 0))
      context.addIssue(
        'has a key that can verify no token: it must be RSA of 2048 bits or more, P-256, P-384, P-521 or Ed25519',
      );
    return keys?.map((key) => key.export({ type: 'spki', format: 'pem' }).toString()) ?? z.NEVER;
  });

/** Secrets that the platform shares with us, one a line. */
export const sharedSecrets = z
  .string()
  .transform((lines) => lines.split(/\r?\n/).filter((line) => line !== ''))
  .refine(
    (secrets) => secrets.every((secret) => Buffer.byteLength(secret) >= SMALLEST_SECRET_BYTES),
    'must have at least 32 bytes; several secrets stand one a line',
  );

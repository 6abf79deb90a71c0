import { createPublicKey, type KeyObject } from 'node:crypto';

const RSA_ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'];
/** RFC 7518 §3.3 and §3.5: smaller RSA keys must not be used. */
const SMALLEST_RSA_BITS = 2048;
/** RFC 7518 §3.4, by the name that OpenSSL has for the curve. */
const CURVE_ALGORITHMS: Readonly<Record<string, string>> = {
  prime256v1: 'ES256',
  secp384r1: 'ES384',
  secp521r1: 'ES512',
};

/** The signature algorithms (RFC 7518, RFC 8037, RFC 9864) by which a public key can verify a token. */
export const ASYMMETRIC_ALGORITHMS: readonly string[] = [
  ...RSA_ALGORITHMS,
  ...Object.values(CURVE_ALGORITHMS),
  'EdDSA',
  'Ed25519',
];

/**
 * Which of {@link ASYMMETRIC_ALGORITHMS} a public key can verify. None: RSA below 2048 bits, DSA, and curves that are for
 * something else, such as secp256k1 and X25519. Such a key refuses every token.
 */
export function verificationAlgorithms(key: KeyObject): readonly string[] {
  const { modulusLength = 0, namedCurve = '' } = key.asymmetricKeyDetails ?? {};
  switch (key.asymmetricKeyType) {
    case 'rsa':
      return modulusLength >= SMALLEST_RSA_BITS ? RSA_ALGORITHMS : [];
    case 'ec':
      return [CURVE_ALGORITHMS[namedCurve] ?? []].flat();
    case 'ed25519':
      return ['EdDSA', 'Ed25519'];
    default:
      return [];
  }
}

/**
 * The public keys of a PEM text: one block (SPKI) after the other. Undefined when it is anything else; a private key is
 * refused, because it has no business here.
 */
export function readPublicKeys(pem: string): KeyObject[] | undefined {
  const blocks = pem.split(/(?<=-----END PUBLIC KEY-----)/).map((block) => block.trim());
  const filled = blocks.filter(Boolean);
  if (!filled.every((block) => block.startsWith('-----BEGIN PUBLIC KEY-----'))) return undefined;
  try {
    const keys = filled.map((block) => createPublicKey(block));
    return keys.length > 0 ? keys : undefined;
  } catch {
    return undefined;
  }
}

import { CompactEncrypt, compactDecrypt, decodeProtectedHeader } from 'jose';
import { LOG_FIELDS } from '../lib/logger.js';
import { Secret } from '../lib/secret.js';

declare const sealed: unique symbol;
/** A sealed value: compact JWE. Only `grants/` opens it. */
export type Sealed = string & { readonly [sealed]: true };

/** What a sealed value belongs to. Opening it for anything else fails. */
export interface SealBinding {
  /** The platform user. */
  userId: string;
  field: 'zoomAccessToken' | 'zoomRefreshToken' | 'codeVerifier';
}

/** One key of the ring: 32 bytes. */
export interface EncryptionKey {
  kid: string;
  key: Uint8Array;
}

/** What is told of the id that a stored value names. Its header may have been tampered with. */
const LONGEST_KEY_ID = 64;

/** A value that cannot be opened. It is never passed on and never treated as plaintext. */
export class TokenCipherError extends Error {
  override readonly name = 'TokenCipherError';

  /** The key that the value names, and the user for whom it was to be opened. */
  readonly [LOG_FIELDS]: { keyId: string | undefined; userId: string | undefined };

  constructor(
    readonly code: 'NOT_SEALED' | 'UNKNOWN_KEY' | 'FOREIGN' | 'TAMPERED',
    keyId?: unknown,
    userId?: string,
  ) {
    super(`sealed value refused: ${code}`);
    this[LOG_FIELDS] = {
      keyId: typeof keyId === 'string' ? keyId.slice(0, LONGEST_KEY_ID) : undefined,
      userId,
    };
  }
}

/**
 * Seals with `dir` and `A256GCM` (RFC 7516, RFC 7518 §4.5 and §5.3). The protected header is the additional
 * authenticated data: it names the key, the user and the field, and opening checks all three.
 */
export class TokenCipher {
  readonly #ring: ReadonlyMap<string, Uint8Array>;
  readonly #current: EncryptionKey;

  /** The first key seals, all open. */
  constructor(keys: readonly [EncryptionKey, ...EncryptionKey[]]) {
    this.#current = keys[0];
    this.#ring = new Map(keys.map(({ kid, key }) => [kid, key]));
  }

  async seal(value: Secret, { userId, field }: SealBinding): Promise<Sealed> {
    const { kid, key } = this.#current;
    const jwe = await new CompactEncrypt(Buffer.from(value.reveal(), 'utf8'))
      .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid, sub: userId, field })
      .encrypt(key);
    return jwe as Sealed;
  }

  /** @throws TokenCipherError */
  async open(value: string, { userId, field }: SealBinding): Promise<Secret> {
    const header = readHeader(value, userId);
    const { kid } = header;
    const key = this.#ring.get(kid ?? '');
    if (!key) throw new TokenCipherError('UNKNOWN_KEY', kid, userId);
    if (header['sub'] !== userId || header['field'] !== field)
      throw new TokenCipherError('FOREIGN', kid, userId);
    try {
      const { plaintext } = await compactDecrypt(value, key, {
        keyManagementAlgorithms: ['dir'],
        contentEncryptionAlgorithms: ['A256GCM'],
      });
      return new Secret(Buffer.from(plaintext).toString('utf8'));
    } catch {
      throw new TokenCipherError('TAMPERED', kid, userId);
    }
  }

  /** Whether the value was sealed with the key that seals now. @throws TokenCipherError */
  isCurrent(value: string): boolean {
    return readHeader(value).kid === this.#current.kid;
  }
}

function readHeader(value: string, userId?: string): ReturnType<typeof decodeProtectedHeader> {
  try {
    return decodeProtectedHeader(value);
  } catch {
    throw new TokenCipherError('NOT_SEALED', undefined, userId);
  }
}

import { decodeProtectedHeader } from 'jose';
import { type Models } from '../../models/database.js';
import { type TokenCipher, TokenCipherError } from '../token-cipher.js';

/** What came of opening one stored value. */
export interface KeySample {
  /** The key id in its header; undefined: it is not sealed. */
  keyId: string | undefined;
  outcome: 'opened' | TokenCipherError['code'];
}

/** Whether the key ring opens what is stored. `wrong` are ids whose key is another one than the key that sealed. */
export type KeyVerdict = { kind: 'ok' } | { kind: 'keys_missing'; missing: string[]; wrong: string[] };

/**
 * Judges samples. A key is missing if a value names it and the ring does not have it. A key is wrong if it opens none of
 * the values that name it. One damaged value beside others that open says nothing of the key, and values that are not
 * sealed say nothing at all.
 */
export function judgeKeys(samples: readonly KeySample[]): KeyVerdict {
  const idsOf = (outcome: KeySample['outcome']) =>
    new Set(samples.flatMap((sample) => (sample.outcome === outcome ? [sample.keyId ?? ''] : [])));
  const opened = idsOf('opened');
  const missing = [...idsOf('UNKNOWN_KEY')].toSorted();
  const wrong = [...idsOf('TAMPERED')].filter((id) => !opened.has(id)).toSorted();
  return missing.length + wrong.length === 0 ? { kind: 'ok' } : { kind: 'keys_missing', missing, wrong };
}

/** How many of the newest rows are read, and how many of their values are opened at most. */
const ROWS = 100;
const SAMPLES = 10;

/** Opens refresh tokens of the newest grants with the ring, and forgets them. Rejects when the database is away. */
export async function checkKeys(models: Pick<Models, 'grants'>, cipher: TokenCipher): Promise<KeyVerdict> {
  const rows = await models.grants.collection
    .find({}, { projection: { userId: 1, zoomRefreshToken: 1 } })
    .sort({ _id: -1 })
    .limit(ROWS)
    .toArray();
  const values = rows.flatMap(({ userId, zoomRefreshToken: value }) =>
    typeof value === 'string' ? [{ userId: String(userId), value }] : [],
  );
  return judgeKeys(
    await Promise.all(values.slice(0, SAMPLES).map(({ userId, value }) => sample(cipher, value, userId))),
  );
}

async function sample(cipher: TokenCipher, value: string, userId: string): Promise<KeySample> {
  try {
    await cipher.open(value, { userId, field: 'zoomRefreshToken' });
    return { keyId: keyIdOf(value), outcome: 'opened' };
  } catch (error) {
    if (!(error instanceof TokenCipherError)) throw error;
    return { keyId: keyIdOf(value), outcome: error.code };
  }
}

/** The key id in the header of a sealed value; undefined: it is not sealed. The header is not verified here. */
export function keyIdOf(value: string): string | undefined {
  try {
    return decodeProtectedHeader(value).kid;
  } catch {
    return undefined;
  }
}

import { deserialize, serialize, setInternalBufferSize } from 'bson';
import { CommandError } from '../errors';
import { type Doc } from './values';

/** The largest document, as in MongoDB. */
export const MAX_DOCUMENT_BYTES = 16 * 1024 * 1024;

// Room for the largest document together with the largest message that may be added to it: what is then too large
// gets MongoDB's error and not one of bson's. Memory that is never written to costs nothing.
setInternalBufferSize(64 * 1024 * 1024);

/** A document from its BSON, with numbers as their own types. Its binaries are views of `bson`, which must not be reused. */
export function decode(bson: Uint8Array): Doc {
  return deserialize(bson, { promoteValues: false, bsonRegExp: true });
}

/** The BSON of a document. */
export function encode(document: Doc): Buffer {
  return Buffer.from(serialize(document, { ignoreUndefined: false }));
}

/**
 * A document as it is kept: what was encoded, read back, so that memory never differs from the disk nor shares bytes
 * with a message. Throws BSONObjectTooLarge.
 */
export function encoded(source: Doc): { bson: Buffer; document: Doc } {
  const bson = encode(source);
  if (bson.length > MAX_DOCUMENT_BYTES) {
    throw new CommandError(
      'BSONObjectTooLarge',
      `a document of ${bson.length} bytes is over ${MAX_DOCUMENT_BYTES}`,
    );
  }
  return { bson, document: decode(bson) };
}

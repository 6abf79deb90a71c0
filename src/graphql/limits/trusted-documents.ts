import { createHash } from 'node:crypto';
import { z } from 'zod';

/** Relay's format, also that of other tools: the text of a document under its id. */
const relayManifest = z.record(z.string().min(1), z.string().min(1));

/** Apollo's format, as `generate-persisted-query-manifest` writes it. */
const apolloManifest = z.object({
  format: z.literal('apollo-persisted-query-manifest'),
  version: z.literal(1),
  operations: z.array(z.object({ id: z.string().min(1), name: z.string(), body: z.string().min(1) })),
});

const OPERATION_NAMES = /\b(?:query|mutation)\s+([_A-Za-z]\w*)/g;

/** The list of the only documents that a server runs. */
export class TrustedDocuments {
  readonly #byId: ReadonlyMap<string, string>;
  readonly #hashes: ReadonlySet<string>;
  /** The names of the operations in them. */
  readonly operationNames: ReadonlySet<string>;

  /**
   * Reads a manifest: JSON in Apollo's format, or an object of ids and documents as Relay's compiler writes it.
   * @throws Error that says what is wrong with it
   */
  constructor(manifest: string) {
    const documents = documentsIn(manifest);
    this.#byId = new Map(documents);
    this.#hashes = new Set(documents.map(([, text]) => sha256Hex(text)));
    this.operationNames = new Set(
      documents.flatMap(([, text]) => [...text.matchAll(OPERATION_NAMES)].map(([, name = '']) => name)),
    );
  }

  /** The document with an id, or with a SHA-256 (hexadecimal) where ids are hashes. */
  get(id: string): string | undefined {
    return this.#byId.get(id);
  }

  /** Whether this very text is in the list. */
  has(text: string): boolean {
    return this.#hashes.has(sha256Hex(text));
  }
}

function documentsIn(manifest: string): [id: string, text: string][] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(manifest);
  } catch {
    throw new Error('the list of trusted documents is not JSON');
  }
  const apollo = apolloManifest.safeParse(parsed);
  if (apollo.success) return apollo.data.operations.map(({ id, body }) => [id, body]);
  const relay = relayManifest.safeParse(parsed);
  if (relay.success) return Object.entries(relay.data);
  throw new Error('the list of trusted documents has neither the format of Apollo nor that of Relay');
}

/** SHA-256 in hexadecimal, as the protocol of persisted queries wants it. */
export function sha256Hex(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

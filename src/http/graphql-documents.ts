import { type DocumentNode } from 'graphql';
import { BoundedCache } from '../graphql/limits/bounded-cache.js';
import { type TrustedDocuments } from '../graphql/limits/trusted-documents.js';

/** Texts of persisted queries. Clients send a text again when it is gone. */
const PERSISTED_QUERIES_BYTES = 4 * 1024 * 1024;
/** Parsed documents, counted by their texts. In memory they take about fifty times as much. */
const PARSED_DOCUMENTS_BYTES = 512 * 1024;

/** The cache of persisted queries. With a list of trusted documents it holds just these. */
export function persistedQueries(trusted: TrustedDocuments | undefined) {
  if (!trusted) return new BoundedCache<string>(PERSISTED_QUERIES_BYTES, (text) => Buffer.byteLength(text));
  return {
    get: (key: string) => Promise.resolve(trusted.get(key.replace(/^apq:/, ''))),
    set: () => Promise.resolve(),
    delete: () => Promise.resolve(false),
  };
}

/** The cache of documents that have passed validation. */
export function parsedDocuments(): BoundedCache<DocumentNode> {
  return new BoundedCache<DocumentNode>(PARSED_DOCUMENTS_BYTES, ({ loc }) => loc?.source.body.length ?? 0);
}

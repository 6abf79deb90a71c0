import { ApolloServerErrorCode } from '@apollo/server/errors';
import { GraphQLError } from 'graphql';
import { z } from 'zod';
import { sha256Hex, type TrustedDocuments } from './trusted-documents.js';

/** What a request says about its document, before anything of it is read. */
export interface DocumentSource {
  query?: unknown;
  extensions?: unknown;
}

const persistedQuerySchema = z.object({
  version: z.literal(1),
  sha256Hash: z.string().regex(/^[0-9a-f]{64}$/),
});
const trustedIdSchema = z.object({ version: z.literal(1), sha256Hash: z.string().min(1).max(256) });

/**
 * Refuses a request whose document this server does not take: a malformed persisted query, the registration of one
 * without a valid token, and, with a list of trusted documents, every document that is not in it.
 * @throws GraphQLError `BAD_USER_INPUT`, or `PERSISTED_QUERY_NOT_SUPPORTED`, on which Apollo Client sends the text alone
 */
export function checkDocumentSource(
  source: DocumentSource,
  { isSignedIn, trusted }: { isSignedIn: boolean; trusted: TrustedDocuments | undefined },
): void {
  const { query } = source;
  if (trusted && typeof query === 'string' && !trusted.has(query))
    throw refused('This server runs trusted documents only, and this one is not among them.');
  const persisted = persistedQueryOf(source);
  if (persisted === undefined || persisted === false) return;
  const parsed = (trusted ? trustedIdSchema : persistedQuerySchema).safeParse(persisted);
  if (!parsed.success)
    throw refused('extensions.persistedQuery must have version 1 and a sha256Hash of 64 hexadecimal digits.');
  if (typeof query !== 'string' || trusted) return;
  if (sha256Hex(query) !== parsed.data.sha256Hash)
    throw refused('extensions.persistedQuery.sha256Hash is not the hash of the query.');
  if (!isSignedIn) throw registrationRefused();
}

/** In a POST, `extensions` is an object; in a GET, it is the JSON of one. */
function persistedQueryOf({ extensions }: DocumentSource): unknown {
  const parsed = typeof extensions === 'string' ? jsonOf(extensions) : extensions;
  if (typeof parsed !== 'object' || parsed === null) return undefined;
  const { persistedQuery } = parsed as { persistedQuery?: unknown };
  // Apollo Server ignores null, false and the like too.
  return Boolean(persistedQuery) && persistedQuery;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function refused(message: string): GraphQLError {
  return new GraphQLError(message, {
    extensions: { code: ApolloServerErrorCode.BAD_USER_INPUT, http: { status: 400 } },
  });
}

function registrationRefused(): GraphQLError {
  return new GraphQLError('PersistedQueryNotSupported', {
    extensions: { code: ApolloServerErrorCode.PERSISTED_QUERY_NOT_SUPPORTED, http: { status: 200 } },
  });
}

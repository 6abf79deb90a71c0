import { ApolloServerErrorCode, unwrapResolverError } from '@apollo/server/errors';
import { GraphQLError, type GraphQLFormattedError, type GraphQLSchema } from 'graphql';
import { randomUUID } from 'node:crypto';
import { AppError, type ErrorCode, ERROR_CODES } from '../lib/errors.js';
import { type Logger } from '../lib/logger.js';
import { valueProblem } from './value-problem.js';

/** Apollo's codes for requests that do not reach a resolver. The client is at fault. */
const REQUEST_ERRORS = new Set<unknown>([
  ApolloServerErrorCode.GRAPHQL_PARSE_FAILED,
  ApolloServerErrorCode.GRAPHQL_VALIDATION_FAILED,
  ApolloServerErrorCode.OPERATION_RESOLUTION_FAILURE,
  ApolloServerErrorCode.BAD_USER_INPUT,
  ApolloServerErrorCode.BAD_REQUEST,
]);

/** Codes of the persisted query protocol. Apollo Client acts on them. */
const PROTOCOL_CODES = new Set<unknown>([
  ApolloServerErrorCode.PERSISTED_QUERY_NOT_FOUND,
  ApolloServerErrorCode.PERSISTED_QUERY_NOT_SUPPORTED,
]);

/**
 * The one place that decides what a client learns of an error. It is an allow-list: `AppError`s and the errors of
 * malformed requests pass, the latter without the values that they are about. Any other error becomes
 * `INTERNAL_SERVER_ERROR` with an id, and its message goes to the log only. Never throws.
 */
export function createFormatError(logger: Logger, schema: GraphQLSchema) {
  return (formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError => {
    const { locations, path } = formatted;
    const original = originalOf(error);
    const place = { ...(locations && { locations }), ...(path && { path }) };
    if (original instanceof AppError)
      return { message: original.message, ...place, extensions: appErrorExtensions(original) };
    const code = formatted.extensions?.['code'];
    if (PROTOCOL_CODES.has(code)) return { message: formatted.message, extensions: { code } };
    if (REQUEST_ERRORS.has(code) || isOfRequest(error))
      return { ...place, ...requestError(formatted.message, error, schema) };
    return { ...maskedError(original, logger), ...place };
  };
}

/** The error that was thrown: by a resolver, or by a limit before the execution. */
function originalOf(error: unknown): unknown {
  const thrown = unwrapResolverError(error);
  return thrown instanceof GraphQLError && thrown.originalError instanceof AppError
    ? thrown.originalError
    : thrown;
}

/** Whether graphql-js or Apollo refused the request: errors of resolvers have a path, and faults an original error. */
function isOfRequest(error: unknown): boolean {
  return error instanceof GraphQLError && !error.path && !error.originalError;
}

/** A literal in a message about syntax, such as `String "the text"`. */
const LITERAL = /\b(String|BlockString|Int|Float|Comment) ".*"/s;

function requestError(text: string, error: unknown, schema: GraphQLSchema): GraphQLFormattedError {
  const problem = error instanceof GraphQLError ? valueProblem(schema, error) : undefined;
  const { message = text.replace(LITERAL, '$1'), argument } = problem ?? {};
  const code = 'BAD_USER_INPUT' satisfies ErrorCode;
  return { message, extensions: { code, ...(argument && { argument }) } };
}

/** An unexpected error as clients see it: with an id to quote. The error itself is in the log under that id. */
export function maskedError(error: unknown, logger: Logger): GraphQLFormattedError {
  const errorId = randomUUID();
  logger.error({ err: error, errorId }, 'unexpected error');
  return {
    message: ERROR_CODES.INTERNAL_SERVER_ERROR,
    extensions: { code: 'INTERNAL_SERVER_ERROR', errorId },
  };
}

function appErrorExtensions({ code, details }: AppError): Record<string, unknown> {
  const { retryAt, ...rest } = details;
  return { code, ...rest, ...(retryAt && { retryAt: retryAt.toISOString() }) };
}

import { type SeededRandom } from '../support/seeded-random.js';
import { damagedBytes, damagedJson, damagedText, jsonText, ODD_TEXTS, oddValue, pick } from './mutations.js';
import { type Operation, someOperation } from './operations.js';
import { type HttpRequest, someAddress } from './requests.js';
import { asHeader, someAuthorization } from './tokens.js';
import { type World } from './world.js';

const JSON_TYPE = 'application/json';
const HASH = 'a'.repeat(64);

/** Whole bodies that are no plain operation. */
const ODD_BODIES: readonly ((operation: Operation, random: SeededRandom) => unknown)[] = [
  (operation) => [operation, operation],
  () => [],
  () => null,
  () => ({}),
  (operation) => operation.query,
  (operation, random) => ({ ...operation, operationName: oddValue(random) }),
  (operation, random) => ({ ...operation, variables: oddValue(random) }),
  (operation, random) => ({ ...operation, extensions: oddValue(random) }),
  (_, random) => ({ query: oddValue(random) }),
  (_, random) => ({
    extensions: { persistedQuery: { version: 1, sha256Hash: pick(random, [HASH, 'x', '']) } },
  }),
  (operation, random) => ({
    ...operation,
    extensions: { persistedQuery: { version: oddValue(random), sha256Hash: oddValue(random) } },
  }),
  (operation) => ({ ...operation, query: `${operation.query}\n${operation.query}` }),
  (operation) => ({ ...operation, query: `subscription { x }` }),
  (operation) => ({ ...operation, query: `{ ${'zoomConnection { status } '.repeat(400)} }` }),
  (_, random) => ({ query: `{ ${'a{'.repeat(random.below(900))}` }),
  (_, random) => ({ query: `{ zoomConnection ${'@skip(if: false) '.repeat(random.below(300))}{ status } }` }),
  (operation, random) => ({ ...operation, variables: { v0: nested(random.below(2_000)) } }),
];

function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < depth; level++) value = [value];
  return value;
}

function bodyOf(random: SeededRandom, operation: Operation): Buffer {
  if (random.chance(0.12)) return Buffer.from(jsonText(pick(random, ODD_BODIES)(operation, random)));
  const damaged = random.chance(0.1) ? damagedJson(random, operation) : operation;
  const bytes = Buffer.from(jsonText(damaged));
  return random.chance(0.04) ? damagedBytes(random, bytes) : bytes;
}

function typeOf(random: SeededRandom): string {
  if (random.chance(0.95)) return JSON_TYPE;
  const types = [
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'x',
    `${JSON_TYPE}; charset=utf-16`,
  ];
  return pick(random, [...types, 'application/graphql', '']);
}

/** A request to /graphql: operations of the schema, half of them by users, a part of them damaged. */
export function graphqlRequest(random: SeededRandom, world: World): HttpRequest {
  const operation = someOperation(random, world);
  if (random.chance(0.15)) operation.query = damagedText(random, operation.query);
  const headers: Record<string, string> = {
    'x-forwarded-for': someAddress(random),
    'user-agent': random.chance(0.9) ? 'fuzz' : 'u'.repeat(random.below(2_000)),
    ...someAuthorization(random, world),
  };
  if (random.chance(0.05))
    headers['accept'] = pick(random, [
      '*/*',
      'text/html',
      'multipart/mixed',
      'application/graphql-response+json',
      ';;',
    ]);
  if (random.chance(0.03)) headers['content-encoding'] = pick(random, ['gzip', 'br', 'x']);
  if (random.chance(0.03)) headers['x-request-id'] = pick(random, ['', 'x'.repeat(900), '<b>', '../..']);
  if (random.chance(0.03))
    headers[pick(random, ['host', 'x-forwarded-host', 'x-forwarded-proto'])] = asHeader(
      pick(random, ODD_TEXTS),
    );
  if (random.chance(0.06)) return getRequest(random, operation, headers);
  const path = random.chance(0.97)
    ? '/graphql'
    : pick(random, ['/graphql/', '/graphql?x=%ff', '/Graphql', '/graphql/..', '//graphql']);
  const method = random.chance(0.98)
    ? 'POST'
    : pick(random, ['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD', 'SEARCH']);
  return {
    channel: 'graphql',
    method,
    path,
    headers: { 'content-type': typeOf(random), ...headers },
    body: bodyOf(random, operation),
  };
}

function getRequest(
  random: SeededRandom,
  { query, variables }: Operation,
  headers: Record<string, string>,
): HttpRequest {
  const parameters = new URLSearchParams({ query, variables: JSON.stringify(variables) });
  if (random.chance(0.3)) parameters.set('extensions', pick(random, ODD_TEXTS));
  if (random.chance(0.3)) parameters.set('variables', pick(random, ODD_TEXTS));
  const preflight = random.chance(0.7) ? { 'apollo-require-preflight': '1' } : {};
  const path = `/graphql?${String(parameters).slice(0, 8_000)}`;
  return { channel: 'graphql', method: 'GET', path, headers: { ...headers, ...preflight } };
}

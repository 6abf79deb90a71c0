import { type GraphQLError } from 'graphql';
import { checkDocumentSource } from '../../../../src/graphql/limits/document-source.js';
import { sha256Hex, TrustedDocuments } from '../../../../src/graphql/limits/trusted-documents.js';

const QUERY = 'query Status { zoomConnection { status } }';
const HASH = sha256Hex(QUERY);
const persisted = (persistedQuery: unknown) => ({ extensions: { persistedQuery } });

function codeOf(source: object, isSignedIn = true, trusted?: TrustedDocuments): unknown {
  try {
    checkDocumentSource(source, { isSignedIn, trusted });
    return undefined;
  } catch (error) {
    return (error as GraphQLError).extensions['code'];
  }
}

test.each<[string, object, string | undefined]>([
  ['no persisted query', { query: QUERY }, undefined],
  ['a persisted query by its hash', persisted({ version: 1, sha256Hash: HASH }), undefined],
  ['its registration', { query: QUERY, ...persisted({ version: 1, sha256Hash: HASH }) }, undefined],
  [
    'extensions as JSON, as in a GET',
    { extensions: JSON.stringify({ persistedQuery: { version: 2 } }) },
    'BAD_USER_INPUT',
  ],
  ['extensions that are no JSON', { extensions: '{' }, undefined],
  ['extensions that are a text', { extensions: 'null' }, undefined],
  ['a persisted query that is null', persisted(null), undefined],
  ['another version', persisted({ version: 2, sha256Hash: HASH }), 'BAD_USER_INPUT'],
  ['a version that is a text', persisted({ version: '1', sha256Hash: HASH }), 'BAD_USER_INPUT'],
  ['no version', persisted({ sha256Hash: HASH }), 'BAD_USER_INPUT'],
  ['no hash', persisted({ version: 1 }), 'BAD_USER_INPUT'],
  ['a short hash', persisted({ version: 1, sha256Hash: 'x' }), 'BAD_USER_INPUT'],
  ['a hash that is a list', persisted({ version: 1, sha256Hash: [HASH] }), 'BAD_USER_INPUT'],
  ['a hash in capitals', persisted({ version: 1, sha256Hash: HASH.toUpperCase() }), 'BAD_USER_INPUT'],
  ['true', persisted(true), 'BAD_USER_INPUT'],
  ['a number', persisted(1), 'BAD_USER_INPUT'],
  [
    'the hash of another text',
    { query: '{ a }', ...persisted({ version: 1, sha256Hash: HASH }) },
    'BAD_USER_INPUT',
  ],
])('%s', (_what, source, code) => {
  expect(codeOf(source)).toBe(code);
});

test('a request without a valid token registers nothing, and may use what is registered', () => {
  const source = persisted({ version: 1, sha256Hash: HASH });
  expect(codeOf({ query: QUERY, ...source }, false)).toBe('PERSISTED_QUERY_NOT_SUPPORTED');
  expect(codeOf(source, false)).toBeUndefined();
});

describe('with a list of trusted documents', () => {
  const trusted = new TrustedDocuments(JSON.stringify({ 'doc-1': QUERY }));

  test.each<[string, object, string | undefined]>([
    ['a text of the list', { query: QUERY }, undefined],
    ['another text', { query: '{ __typename }' }, 'BAD_USER_INPUT'],
    ['a text of the list with one blank more', { query: `${QUERY} ` }, 'BAD_USER_INPUT'],
    ['an id', persisted({ version: 1, sha256Hash: 'doc-1' }), undefined],
    [
      'another text under an id',
      { query: '{ a }', ...persisted({ version: 1, sha256Hash: 'doc-1' }) },
      'BAD_USER_INPUT',
    ],
  ])('%s', (_what, source, code) => {
    expect(codeOf(source, true, trusted)).toBe(code);
  });
});

describe('a manifest', () => {
  const apollo = {
    format: 'apollo-persisted-query-manifest',
    version: 1,
    operations: [{ id: HASH, name: 'Status', type: 'query', body: QUERY }],
  };

  test.each([
    ["in Apollo's format", apollo],
    ["in Relay's format", { [HASH]: QUERY }],
  ])('%s names its documents and operations', (_which, manifest) => {
    const trusted = new TrustedDocuments(JSON.stringify(manifest));
    expect(trusted.get(HASH)).toBe(QUERY);
    expect(trusted.has(QUERY)).toBe(true);
    expect(trusted.get('other')).toBeUndefined();
    expect([...trusted.operationNames]).toEqual(['Status']);
  });

  test.each([
    ['no JSON', '{'],
    ['a list', '[]'],
    ['texts that are none', '{"a":1}'],
    ['another version of it', JSON.stringify({ ...apollo, version: 2 })],
  ])('that is %s is refused', (_what, text) => {
    expect(() => new TrustedDocuments(text)).toThrow(/^the list of trusted documents /);
  });
});

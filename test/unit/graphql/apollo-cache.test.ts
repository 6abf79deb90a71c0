import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gql, InMemoryCache, type InMemoryCacheConfig } from '@apollo/client/core';
import { isObjectType } from 'graphql';
import { createSchema } from '../../../src/graphql/schema.js';

const ROOT = join(import.meta.dirname, '../../..');

/** The set-up of the cache as docs/frontend.md has it, read as JSON. */
function documentedSetUp(): InMemoryCacheConfig {
  const page = readFileSync(join(ROOT, 'docs/frontend.md'), 'utf8');
  const code = /new InMemoryCache\((\{[\s\S]*?\})\),\n/.exec(page)?.[1] ?? '';
  const json = code
    .replace(/\/\/.*$/gm, '')
    .replace(/(\w+):/g, '"$1":')
    .replaceAll("'", '"')
    .replace(/,(\s*\})/g, '$1');
  return JSON.parse(json) as InMemoryCacheConfig;
}

const SERIES = gql`
  query {
    zoomMeetings {
      edges {
        node {
          id
          startTime
          occurrences {
            id
            status
          }
        }
      }
    }
  }
`;

/** What a client reads from the cache after this answer. */
function kept(edges: object[]) {
  const cache = new InMemoryCache(documentedSetUp());
  cache.writeQuery({ query: SERIES, data: { zoomMeetings: { __typename: 'ZoomMeetingConnection', edges } } });
  return cache.readQuery<{ zoomMeetings: { edges: object[] } }>({ query: SERIES })?.zoomMeetings.edges;
}

const edge = (id: string, startTime: string, status = 'AVAILABLE') => ({
  __typename: 'ZoomMeetingEdge',
  node: {
    __typename: 'ZoomMeeting',
    id,
    startTime,
    occurrences: [{ __typename: 'ZoomMeetingOccurrence', id: '1900000000000', status }],
  },
});

test('the documented cache keeps the start of each date of a series that a list names by one id', () => {
  const edges = ['2030-01-01', '2030-01-08', '2030-01-15'].map((day) =>
    edge('86000000001', `${day}T18:00:00Z`),
  );
  expect(kept(edges)).toEqual(edges);
});

test('the documented cache keeps apart the dates of two series that have one id', () => {
  const edges = [edge('1', '2030-01-01T18:00:00Z'), edge('2', '2030-01-01T18:00:00Z', 'DELETED')];
  expect(kept(edges)).toEqual(edges);
});

test('the documented cache names types of the schema only', () => {
  const types = Object.keys(documentedSetUp().typePolicies ?? {});
  expect(types).toContain('ZoomMeeting');
  for (const name of types) expect([name, isObjectType(createSchema().getType(name))]).toEqual([name, true]);
});

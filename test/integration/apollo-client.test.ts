import { createHash } from 'node:crypto';
import {
  ApolloClient,
  ApolloLink,
  CombinedGraphQLErrors,
  gql,
  HttpLink,
  InMemoryCache,
  type TypedDocumentNode,
} from '@apollo/client/core';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { Browser } from '../../src/dev/demo/browser.js';
import { consentAt } from '../support/consent.js';
import { FRONTEND, type Harness, someUser, startHarness } from '../support/harness.js';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());

/** A frontend: a client with the user's token, in a browser that keeps cookies. */
async function frontendOf(userId: string, before?: ApolloLink) {
  const browser = new Browser();
  const sent: { url: string; method: string }[] = [];
  const http = new HttpLink({
    uri: `${harness.url}/graphql`,
    credentials: 'include',
    headers: { authorization: `Bearer ${await harness.tokenFor(userId)}`, origin: FRONTEND },
    fetch: (url, init) => {
      const address = url instanceof Request ? url.url : url.toString();
      sent.push({ url: address, method: init?.method ?? 'GET' });
      return browser.fetch(address, init);
    },
  });
  const link = before ? ApolloLink.from([before, http]) : http;
  const client = new ApolloClient({ link, cache: new InMemoryCache() });
  return { client, browser, sent };
}

interface Meetings {
  zoomMeetings: {
    edges: { node: { id: string } }[];
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
  };
}

const CONNECTION: TypedDocumentNode<{ zoomConnection: object }> = gql`
  query {
    zoomConnection {
      userId
      status
      nextAction
    }
  }
`;
const MEETINGS: TypedDocumentNode<Meetings, { after: string | null }> = gql`
  query ($after: String) {
    zoomMeetings(type: SCHEDULED, first: 2, after: $after) {
      edges {
        node {
          id
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`;

const START: TypedDocumentNode<
  { startZoomAuthorization: { authorizationUrl: string } },
  { input: { returnTo: string } }
> = gql`
  mutation ($input: StartZoomAuthorizationInput) {
    startZoomAuthorization(input: $input) {
      authorizationUrl
    }
  }
`;
const REVOKE: TypedDocumentNode<{ revokeZoom: object }> = gql`
  mutation {
    revokeZoom {
      revokedAtZoom
      connection {
        userId
        status
      }
    }
  }
`;
const PERSISTED: TypedDocumentNode<{ zoomConnection: object }> = gql`
  query Persisted {
    zoomConnection {
      userId
    }
  }
`;

/** The code that an operation fails with. */
async function codeOf(operation: Promise<unknown>) {
  const error: unknown = await operation.catch((thrown: unknown) => thrown);
  if (!CombinedGraphQLErrors.is(error)) throw error;
  return error.errors[0]?.extensions?.['code'];
}

test('a frontend connects, reads and disconnects with nothing but Apollo Client', async () => {
  const userId = someUser();
  const { client, browser } = await frontendOf(userId);
  const ask = async () =>
    (await client.query({ query: CONNECTION, fetchPolicy: 'network-only' })).data?.zoomConnection;
  expect(await ask()).toMatchObject({ userId, status: 'NOT_CONNECTED', nextAction: 'CONNECT' });

  const start = await client.mutate({
    mutation: START,
    variables: { input: { returnTo: `${FRONTEND}/settings` } },
  });
  const callback = await consentAt(browser, start.data?.startZoomAuthorization.authorizationUrl ?? '');
  expect((await browser.fetch(callback)).headers.get('location')).toBe(`${FRONTEND}/settings?zoom=connected`);
  expect(await ask()).toMatchObject({ status: 'CONNECTED', nextAction: 'NONE' });

  const revoke = await client.mutate({ mutation: REVOKE });
  expect(revoke.data?.revokeZoom).toMatchObject({
    revokedAtZoom: 'REVOKED',
    connection: { status: 'REVOKED' },
  });
  expect(await ask()).toMatchObject({ status: 'REVOKED', nextAction: 'RECONNECT' });
});

test('errors arrive with their codes', async () => {
  const { client } = await frontendOf(someUser());
  expect(await codeOf(client.query({ query: gql('{ zoomProfile { id } }') }))).toBe('ZOOM_NOT_CONNECTED');
  expect(
    await codeOf(client.query({ query: gql('{ zoomConnection(onBehalfOf: "someone") { status } }') })),
  ).toBe('FORBIDDEN');
  expect(await codeOf(client.query({ query: gql('{ zoomMeetings(first: 0) { totalCount } }') }))).toBe(
    'BAD_USER_INPUT',
  );
});

test('a list is paged with the end cursor until nothing follows', async () => {
  const userId = someUser();
  const { zoomUserId } = await harness.connect(userId);
  const ids = harness.sandbox.control.addMeetings(zoomUserId, 5);
  const { client } = await frontendOf(userId);
  const seen: string[] = [];
  let pages = 0;
  let pageInfo: Meetings['zoomMeetings']['pageInfo'] = { hasNextPage: true, endCursor: null };
  for (; pageInfo.hasNextPage; pages++) {
    const { data } = await client.query({
      query: MEETINGS,
      variables: { after: pageInfo.endCursor },
    });
    if (!data) throw new Error('no data');
    seen.push(...data.zoomMeetings.edges.map(({ node }) => node.id));
    pageInfo = data.zoomMeetings.pageInfo;
  }
  expect(pages).toBe(3);
  expect(seen.toSorted()).toEqual(ids.map(String).toSorted());
});

test('persisted queries: the hash alone by GET, the text once when the server does not know it', async () => {
  const userId = someUser();
  const persisted = new PersistedQueryLink({
    sha256: (text) => createHash('sha256').update(text).digest('hex'),
    useGETForHashedQueries: true,
  });
  const { client, sent } = await frontendOf(userId, persisted);
  for (let request = 0; request < 2; request++) {
    const { data } = await client.query({ query: PERSISTED, fetchPolicy: 'network-only' });
    expect(data?.zoomConnection).toMatchObject({ userId });
  }
  expect(sent.map(({ method }) => method)).toEqual(['GET', 'POST', 'GET']);
  expect(sent[2]?.url).not.toContain('zoomConnection');
});

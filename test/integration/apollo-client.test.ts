import {
  ApolloClient,
  ApolloLink,
  CombinedGraphQLErrors,
  gql,
  HttpLink,
  InMemoryCache,
} from '@apollo/client';
import { SetContextLink } from '@apollo/client/link/context';
import { Browser } from '../support/browser';
import { consentAt } from '../support/consent';
import { FRONTEND, type Harness, someUser, startHarness } from '../support/harness';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());

const STATUS = gql`
  query {
    zoomConnection {
      userId
      status
      nextAction
    }
  }
`;
const START = gql`
  mutation ($input: StartZoomAuthorizationInput) {
    startZoomAuthorization(input: $input) {
      authorizationUrl
    }
  }
`;
const DISCONNECT = gql`
  mutation {
    revokeZoom {
      connection {
        userId
        status
        nextAction
      }
    }
  }
`;

/** The client of the README, in a browser that keeps cookies. */
function clientFor(userId: string, browser: Browser): ApolloClient {
  return new ApolloClient({
    cache: new InMemoryCache({ typePolicies: { ZoomGrant: { keyFields: ['userId'] } } }),
    link: ApolloLink.from([
      new SetContextLink(async ({ headers }) => ({
        headers: { ...headers, authorization: `Bearer ${await harness.tokenFor(userId)}` },
      })),
      new HttpLink({
        uri: `${harness.url}/graphql`,
        credentials: 'include',
        fetch: ((url: string, init: RequestInit) => browser.fetch(url, init)) as typeof fetch,
      }),
    ]),
  });
}

test('Apollo Client connects, and a disconnect updates the status in its cache', async () => {
  const browser = new Browser();
  const client = clientFor(someUser(), browser);
  const started = await client.mutate<{ startZoomAuthorization: { authorizationUrl: string } }>({
    mutation: START,
    variables: { input: { returnTo: `${FRONTEND}/settings` } },
  });
  const callback = await consentAt(browser, started.data?.startZoomAuthorization.authorizationUrl ?? '');
  await browser.fetch(callback);
  expect((await client.query({ query: STATUS })).data).toMatchObject({
    zoomConnection: { status: 'CONNECTED', nextAction: 'NONE' },
  });
  await client.mutate({ mutation: DISCONNECT });
  expect(client.readQuery({ query: STATUS })).toMatchObject({
    zoomConnection: { status: 'REVOKED', nextAction: 'RECONNECT' },
  });
});

test('Apollo Client finds the code of an error where it looks for it', async () => {
  const client = clientFor(someUser(), new Browser());
  const profile = client.query({
    query: gql`
      query {
        zoomProfile {
          id
        }
      }
    `,
  });
  const error: unknown = await profile.catch((reason: unknown) => reason);
  expect(CombinedGraphQLErrors.is(error) && error.errors[0]?.extensions?.['code']).toBe('ZOOM_NOT_CONNECTED');
});

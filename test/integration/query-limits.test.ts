import { getIntrospectionQuery } from 'graphql';
import { type Harness, someUser, startHarness } from '../support/harness.js';

let harness: Harness;
let userId: string;
beforeAll(async () => {
  harness = await startHarness();
  userId = someUser();
  const { zoomUserId } = await harness.connect(userId);
  harness.sandbox.control.addMeetings(zoomUserId, 3);
});
beforeEach(() => {
  harness.sandbox.control.resetCounters();
});
afterAll(() => harness.close());

const MEETING = 'id uuid topic agenda type startTime durationMinutes timezone createdAt joinUrl';
const meetings = (first: number | string) =>
  `zoomMeetings(first: ${first}) { edges { cursor node { ${MEETING} } } pageInfo { hasNextPage endCursor } }`;
/** The same field so many times. */
const aliases = (count: number, field: string) =>
  Array.from({ length: count }, (_, index) => `a${index}: ${field}`).join(' ');

/** Posts an operation as the connected user. */
async function post(query: string, rest: { variables?: object; operationName?: string } = {}) {
  const response = await fetch(`${harness.url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${await harness.tokenFor(userId)}`,
    },
    body: JSON.stringify({ query, ...rest }),
  });
  const body = (await response.json()) as {
    data?: unknown;
    errors?: { message: string; extensions: object }[];
  };
  return { status: response.status, ...body };
}

const refused = (message: RegExp) => ({
  status: 400,
  errors: [{ message: expect.stringMatching(message) as string, extensions: { code: 'BAD_USER_INPUT' } }],
});

describe('an operation may cost 20,000: a field 1, a call of Zoom 1,000 more', () => {
  test('19 profiles at once are served', async () => {
    const answer = await post(`{ ${aliases(19, 'zoomProfile { id email }')} }`);
    expect(answer).toMatchObject({ status: 200, data: { a18: { id: expect.any(String) as string } } });
    expect(answer.errors).toBeUndefined();
  });

  test.each<[string, string, object?]>([
    ['20 profiles', `{ ${aliases(20, 'zoomProfile { id email }')} }`],
    ['20 mutations', `mutation { ${aliases(20, 'refreshZoomToken { connection { status } }')} }`],
    ['profiles in fragments', `{ ...a } fragment a on Query { ${aliases(20, 'zoomProfile { id email }')} }`],
    ['four full pages of 300', `{ ${aliases(4, meetings(300))} }`],
    ['pages by a variable', `query ($n: Int!) { ${aliases(4, meetings('$n'))} }`, { variables: { n: 300 } }],
    ['pages by a default', `query ($n: Int = 300) { ${aliases(4, meetings('$n'))} }`],
    ['a negative first beside profiles', `{ ${meetings(-300)} ${aliases(19, 'zoomProfile { id }')} }`],
    [
      'the expensive one of two',
      `query A { __typename } query B { ${aliases(20, 'zoomProfile { id email }')} }`,
      { operationName: 'B' },
    ],
  ])('%s: refused, and nothing reaches Zoom', async (_what, query, rest = {}) => {
    const answer = await post(query, rest);
    expect(answer).toMatchObject(refused(/^The operation costs \d+; 20000 are allowed/));
    expect(answer.data).toBeUndefined();
    expect(harness.sandbox.control.requests()).toEqual([]);
  });

  test('a full page of 300 with all its fields is served', async () => {
    expect((await post(`{ ${meetings(300)} }`)).errors).toBeUndefined();
  });

  test('only the operation that is run counts', async () => {
    const query = `query A { __typename } query B { ${aliases(20, 'zoomProfile { id email }')} }`;
    expect(await post(query, { operationName: 'A' })).toMatchObject({ status: 200 });
  });
});

test('the whole schema can be read in one operation', async () => {
  const query = getIntrospectionQuery({ inputValueDeprecation: true, oneOf: true, specifiedByUrl: true });
  const answer = await post(query);
  expect(answer).toMatchObject({ status: 200, data: { __schema: { queryType: { name: 'Query' } } } });
});

test('a document of more than 5,000 tokens is refused unread', async () => {
  const answer = await post(`{ ${aliases(1_700, '__typename')} }`);
  expect(answer).toMatchObject(refused(/5000 tokens/));
});

test('fragments that double each other 30 times are refused at once', async () => {
  const fragments = Array.from(
    { length: 30 },
    (_, index) => `fragment f${index} on Query { ...f${index + 1} ...f${index + 1} }`,
  );
  const answer = await post(`{ ...f0 } ${fragments.join(' ')} fragment f30 on Query { __typename }`);
  expect(answer).toMatchObject(refused(/./));
});

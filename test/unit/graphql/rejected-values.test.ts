import { ApolloServer } from '@apollo/server';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { createFormatError } from '../../../src/graphql/format-error.js';
import { operationCheck } from '../../../src/graphql/operation-check.js';
import { type GraphQLContext } from '../../../src/graphql/context.js';
import { operationLimits } from '../../../src/graphql/limits/operation-limits.js';
import { createSchema } from '../../../src/graphql/schema.js';
import { recordingLogger } from '../../support/recording-logger.js';

const log = recordingLogger();
const schema = createSchema();
const apollo = new ApolloServer<GraphQLContext>({
  schema,
  formatError: createFormatError(log.logger, schema),
  includeStacktraceInErrorResponses: false,
  plugins: [operationCheck, operationLimits(schema, 'everybody')],
});
afterAll(() => apollo.stop());
afterEach(() => {
  expect(log.lines).toEqual([]);
});

async function errorsOf(
  query: string,
  variables?: Record<string, unknown>,
  operationName?: string,
): Promise<readonly GraphQLFormattedError[]> {
  const { body } = await apollo.executeOperation(
    {
      query,
      ...(variables && { variables }),
      ...(operationName !== undefined && { operationName }),
    },
    { contextValue: { isSignedIn: true } as GraphQLContext },
  );
  if (body.kind !== 'single') throw new Error('not a single answer');
  return body.singleResult.errors ?? [];
}

/** A value that must not come back. */
const SECRET = 'Hunter2';
const CREATE =
  'mutation ($meeting: CreateZoomMeetingInput!) { createZoomMeeting(input: $meeting) { hostedBy } }';
const create = (input: string) => `mutation { createZoomMeeting(input: ${input}) { hostedBy } }`;
const UPDATE =
  'mutation ($input: UpdateZoomMeetingInput!) { updateZoomMeeting(input: $input) { meeting { id } } }';
const LIST =
  'query ($first: Int, $type: ZoomMeetingListType) { zoomMeetings(first: $first, type: $type) { totalCount } }';
const START =
  'mutation ($input: StartZoomAuthorizationInput) { startZoomAuthorization(input: $input) { expiresAt } }';
const RECORDINGS = 'query ($from: Date) { zoomRecordings(from: $from) { totalCount } }';

test.each<[what: string, query: string, variables: Record<string, unknown>, argument: string]>([
  ['a number for text', CREATE, { meeting: { topic: 'a', password: 4711 } }, 'input.password'],
  ['a list for text', CREATE, { meeting: { topic: [SECRET] } }, 'input.topic'],
  ['an object for text', CREATE, { meeting: { topic: { [SECRET]: SECRET } } }, 'input.topic'],
  ['null for what is required', CREATE, { meeting: { topic: null, agenda: SECRET } }, 'input.topic'],
  ['a missing field', CREATE, { meeting: { agenda: SECRET } }, 'input.topic'],
  ['an unknown field', CREATE, { meeting: { topic: SECRET, passcode: SECRET } }, 'input.passcode'],
  ['an unknown field with an odd name', CREATE, { meeting: { topic: SECRET, '"; x': 1 } }, 'input'],
  [
    'a time without a zone',
    CREATE,
    { meeting: { topic: SECRET, startTime: '2030-01-15T18:00:00' } },
    'input.startTime',
  ],
  ['a time that is a number', CREATE, { meeting: { topic: SECRET, startTime: 4711 } }, 'input.startTime'],
  [
    'text for a whole number',
    CREATE,
    { meeting: { topic: 'a', durationMinutes: SECRET } },
    'input.durationMinutes',
  ],
  ['a fraction', CREATE, { meeting: { topic: 'a', durationMinutes: 30.5 } }, 'input.durationMinutes'],
  [
    'text for a switch',
    CREATE,
    { meeting: { topic: 'a', settings: { waitingRoom: SECRET } } },
    'input.settings.waitingRoom',
  ],
  ['an unknown enum value', CREATE, { meeting: { topic: 'a', schedule: SECRET } }, 'input.schedule'],
  [
    'a wrong element of a list',
    CREATE,
    { meeting: { topic: 'a', recurrence: { repeat: 'WEEKLY', weekdays: ['MONDAY', SECRET] } } },
    'input.recurrence.weekdays',
  ],
  [
    'a field that is missing further inside',
    CREATE,
    { meeting: { topic: 'a', recurrence: { endTimes: 4711 } } },
    'input.recurrence.repeat',
  ],
  ['text for an object', CREATE, { meeting: SECRET }, 'input'],
  ['null for the input', CREATE, { meeting: null }, 'input'],
  ['no variable at all', CREATE, {}, 'input'],
  ['a switch for an id', UPDATE, { input: { id: true } }, 'input.id'],
  ['a whole number that is too large', LIST, { first: 99_999_999_999 }, 'first'],
  ['an enum value of the wrong type', LIST, { type: 4711 }, 'type'],
  ['an address that is none', START, { input: { returnTo: SECRET } }, 'input.returnTo'],
  ['a number in a list of texts', START, { input: { scopes: ['a', 4711] } }, 'input.scopes'],
  ['a day that is none', RECORDINGS, { from: SECRET }, 'from'],
])(
  '%s in a variable is told by its argument, without the value',
  async (_what, query, variables, argument) => {
    const errors = await errorsOf(query, variables);
    expect(errors.map(({ extensions }) => extensions)).toEqual([{ code: 'BAD_USER_INPUT', argument }]);
    expect(errors[0]?.message).toMatch(new RegExp(`^${argument.replaceAll('.', '\\.')}: \\S`));
    expect(JSON.stringify(errors)).not.toMatch(/Hunter2|4711|99999|30\.5|2030-01-15|; x/);
  },
);

test.each<[what: string, query: string, argument: string | undefined]>([
  ['a number for text', create('{ topic: "a", password: 4711 }'), 'input.password'],
  ['a list for text', create(`{ topic: ["${SECRET}"] }`), 'input.topic'],
  ['an object for text', create(`{ topic: { a: "${SECRET}" } }`), 'input.topic'],
  ['a bare word for text', create(`{ topic: ${SECRET} }`), 'input.topic'],
  ['null for what is required', create(`{ topic: null, agenda: "${SECRET}" }`), 'input.topic'],
  ['a missing field', create(`{ agenda: "${SECRET}" }`), 'input.topic'],
  ['an unknown field', create(`{ topic: "${SECRET}", passcode: "${SECRET}" }`), 'input.passcode'],
  ['the same field twice', create(`{ topic: "a", topic: "${SECRET}" }`), 'input.topic'],
  ['a time without a zone', create('{ topic: "a", startTime: "2030-01-15T18:00:00" }'), 'input.startTime'],
  ['a time that is a number', create('{ topic: "a", startTime: 4711 }'), 'input.startTime'],
  [
    'text for a whole number',
    create(`{ topic: "a", durationMinutes: "${SECRET}" }`),
    'input.durationMinutes',
  ],
  [
    'text for a switch',
    create(`{ topic: "a", settings: { waitingRoom: "${SECRET}" } }`),
    'input.settings.waitingRoom',
  ],
  ['text for an enum value', create(`{ topic: "a", schedule: "${SECRET}" }`), 'input.schedule'],
  ['an unknown enum value', create(`{ topic: "a", schedule: ${SECRET} }`), 'input.schedule'],
  [
    'a wrong element of a list',
    create(`{ topic: "a", recurrence: { repeat: WEEKLY, weekdays: [MONDAY, "${SECRET}"] } }`),
    'input.recurrence.weekdays',
  ],
  [
    'a field that is missing further inside',
    create('{ topic: "a", recurrence: { endTimes: 4 } }'),
    'input.recurrence.repeat',
  ],
  ['text for an object', create(`"${SECRET}"`), 'input'],
  ['a missing argument', 'mutation { createZoomMeeting { hostedBy } }', 'input'],
  ['an unknown argument', `{ zoomConnection(userId: "${SECRET}") { status } }`, 'userId'],
  [
    'an address that is none',
    `mutation { startZoomAuthorization(input: { returnTo: "${SECRET}" }) { expiresAt } }`,
    'input.returnTo',
  ],
  ['a day that is none', `{ zoomRecordings(from: "${SECRET}") { totalCount } }`, 'from'],
  ['a day that is a number', '{ zoomRecordings(from: 4711) { totalCount } }', 'from'],
  [
    'the default of a variable',
    `query ($n: Int = "${SECRET}") { zoomMeetings(first: $n) { totalCount } }`,
    'first',
  ],
  ['a variable of another type', 'query ($n: String) { zoomMeetings(first: $n) { totalCount } }', 'first'],
  ['a directive', `{ zoomMeetings @skip(if: "${SECRET}") { totalCount } }`, 'if'],
])('%s in the document is told by its argument, without the value', async (_what, query, argument) => {
  const errors = await errorsOf(query);
  expect(errors.map(({ extensions }) => extensions)).toEqual(
    errors.map(() => ({ code: 'BAD_USER_INPUT', argument })),
  );
  expect(errors.length).toBeGreaterThan(0);
  // A bare word is part of the document, like the name of a field; a text or a number is a value.
  expect(JSON.stringify(errors.map(({ message }) => message))).not.toMatch(/Hunter2|4711|2030-01-15/);
});

test.each<[what: string, query: string, variables: Record<string, unknown>, argument: string]>([
  ['an argument', 'query ($id: ID = "1") { zoomMeeting(id: $id) { id } }', { id: null }, 'id'],
  [
    'a field of an input object',
    `mutation ($id: ID = "1") { updateZoomMeeting(input: { id: $id, password: "${SECRET}" }) { meeting { id } } }`,
    { id: null },
    'input',
  ],
])('null at run time for %s is told by its argument', async (_what, query, variables, argument) => {
  const errors = await errorsOf(query, variables);
  expect(errors.map(({ extensions }) => extensions)).toEqual([{ code: 'BAD_USER_INPUT', argument }]);
  expect(JSON.stringify(errors)).not.toContain(SECRET);
});

test.each([
  ['a text', `{ zoomMeeting(id: "a" "${SECRET}") { id } }`],
  ['a text of several lines', `{ zoomMeeting(id: "a" """${SECRET}\n${SECRET}""") { id } }`],
  ['a number', '{ zoomMeeting(id: 1 4711) { id } }'],
])('a syntax error at %s does not repeat it', async (_what, query) => {
  const [error] = await errorsOf(query);
  expect(error).toMatchObject({ extensions: { code: 'BAD_USER_INPUT' }, locations: [{ line: 1 }] });
  expect(error?.message).toMatch(/^Syntax Error/);
  expect(error?.message).not.toMatch(/Hunter2|4711/);
});

test('errors about names keep the message of graphql-js', async () => {
  const [field] = await errorsOf('{ zoomConnection { state } }');
  expect(field?.message).toContain('Cannot query field "state"');
  expect(field?.extensions).toEqual({ code: 'BAD_USER_INPUT' });
});

test('an operation of a kind that the schema does not have is the fault of the client', async () => {
  for (const query of ['subscription { x }', 'subscription S { zoomConnection { status } }'])
    expect((await errorsOf(query)).map(({ extensions }) => extensions)).toEqual([{ code: 'BAD_USER_INPUT' }]);
});

test('an empty operationName counts as none', async () => {
  expect(await errorsOf('{ __typename }', undefined, '')).toEqual([]);
  expect(await errorsOf('query A { __typename }', undefined, '')).toEqual([]);
  expect(await errorsOf('query A { __typename } query B { __typename }', undefined, '')).toHaveLength(1);
  expect(await errorsOf('query A { __typename }', undefined, 'B')).toHaveLength(1);
});

test('an error of Apollo without a code of its own is the fault of the client too', () => {
  const error = new GraphQLError('provided sha does not match query');
  const formatted = { message: error.message, extensions: { code: 'INTERNAL_SERVER_ERROR' } };
  expect(createFormatError(log.logger, schema)(formatted, error)).toEqual({
    message: error.message,
    extensions: { code: 'BAD_USER_INPUT' },
  });
});

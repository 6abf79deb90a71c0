import {
  type DocumentNode,
  execute,
  getNamedType,
  type GraphQLSchema,
  type GraphQLType,
  isObjectType,
  parse,
} from 'graphql';
import { GraphQLContext, type RequestFacts, type Services } from '../../src/graphql/context.js';
import { createSchema } from '../../src/graphql/schema.js';
import { BackgroundTasks } from '../../src/lib/background-tasks.js';
import { AppError } from '../../src/lib/errors.js';
import { MeetingCreator } from '../../src/meetings/meeting-creator.js';
import { MeetingOwnership } from '../../src/meetings/meeting-ownership.js';
import { Meetings } from '../../src/meetings/meetings.js';
import { recordingLogger } from './recording-logger.js';
import { HOST_ID } from './zoom-answers.js';
import { zoomAnswering } from './zoom-answering.js';

const schema = createSchema();
const clock = () => new Date('2026-01-15T12:00:00Z');
const USER = 'user';
const { logger } = recordingLogger();

/** The operations by which each answer of Zoom reaches a client, with all fields of the schema. */
export const OPERATIONS = {
  zoomProfile: `{ zoomProfile ${selectionOf(schema, 'ZoomProfile')} }`,
  zoomMeetings: `{ zoomMeetings(first: 2) ${selectionOf(schema, 'ZoomMeetingConnection')} }`,
  zoomMeeting: `{ zoomMeeting(id: "86000000001") ${selectionOf(schema, 'ZoomMeeting')} }`,
  createZoomMeeting: `mutation { createZoomMeeting(input: { topic: "a", startTime: "2030-01-15T18:00:00Z", durationMinutes: 60 })
    { hostedBy meeting ${selectionOf(schema, 'ZoomMeeting')} } }`,
  zoomRecordings: `{ zoomRecordings(first: 2) ${selectionOf(schema, 'ZoomRecordingConnection')} }`,
  zoomRecording: `{ zoomRecording(meetingId: "86000000003") ${selectionOf(schema, 'ZoomRecording')} }`,
};

const DOCUMENTS = Object.fromEntries(
  Object.entries(OPERATIONS).map(([name, text]) => [name, parse(text)]),
) as Record<keyof typeof OPERATIONS, DocumentNode>;

export interface ClientAnswer {
  /** As the client reads it from JSON. */
  data: Record<string, unknown>;
  /** The code of the error; a text that is no code if it is not an AppError. */
  error: string | undefined;
}

/**
 * Runs an operation with the resolvers and scalars of the real schema, against a Zoom that answers with this body. The
 * second page of a list is empty.
 */
export async function askWith(operation: keyof typeof OPERATIONS, body: unknown): Promise<ClientAnswer> {
  const { zoom } = zoomAnswering((url) =>
    answer(url.searchParams.has('next_page_token') ? { meetings: [] } : body),
  );
  const result = await execute({
    schema,
    document: DOCUMENTS[operation],
    contextValue: contextWith(zoom),
  });
  const original = result.errors?.[0]?.originalError;
  return {
    data: JSON.parse(JSON.stringify(result.data ?? {})) as Record<string, unknown>,
    error: original instanceof AppError ? original.code : result.errors?.[0]?.message,
  };
}

/** A number that JSON.parse takes for infinity survives in the text. */
function answer(body: unknown): Response {
  const text = JSON.stringify(body, (_key, value: unknown) => (value === Infinity ? 'Infinity!' : value));
  return new Response(text.replaceAll('"Infinity!"', '1e999'), {
    headers: { 'content-type': 'application/json' },
  });
}

function contextWith(zoom: ReturnType<typeof zoomAnswering>['zoom']): GraphQLContext {
  const hosted = { find: () => Promise.resolve(undefined) } as never;
  const audit = { record: () => Promise.resolve() } as never;
  const meetings = new Meetings({
    ownership: new MeetingOwnership({ app: undefined, hosted, audit }),
    creator: new MeetingCreator({
      app: undefined,
      googleMeet: undefined,
      hosted,
      limitHosted: () => Promise.resolve(),
      clock,
      logger,
      tasks: new BackgroundTasks(() => undefined),
    }),
    creations: {} as never,
    audit,
    clock,
    logger,
  });
  const services = {
    clock,
    meetings,
    zoom: { as: () => zoom },
    grants: { findMany: () => Promise.resolve(new Map([[USER, { zoomUserId: HOST_ID }]])) },
  } as unknown as Services;
  const facts = { authentication: { userId: USER, role: 'user' }, correlationId: 'c', deviceInfo: {} };
  return new GraphQLContext(services, facts as unknown as RequestFacts);
}

/** Selects every field of a type, and of the types in it. */
function selectionOf(ofSchema: GraphQLSchema, name: string): string {
  const select = (type: GraphQLType): string => {
    const named = getNamedType(type);
    if (!isObjectType(named)) return '';
    const fields = Object.values(named.getFields());
    return `{ ${fields.map((field) => `${field.name} ${select(field.type)}`).join(' ')} }`;
  };
  const type = ofSchema.getType(name);
  if (!type) throw new Error(`the schema has no type ${name}`);
  return select(type);
}

import { type ZoomAppConfig } from '../../src/config/fallbacks.js';
import {
  SANDBOX_S2S_ACCOUNT_ID,
  SANDBOX_S2S_CLIENT_ID,
  SANDBOX_S2S_CLIENT_SECRET,
} from '../../src/dev/sandbox/sandbox.js';
import { Secret } from '../../src/lib/secret.js';
import { type GraphQLAnswer, type Harness } from './harness.js';

/** The host of the app's meetings in the sandbox. */
export const APP_HOST = 'licensed.coach@example.com';

/** The sandbox's Server-to-Server app. */
export const SANDBOX_APP: ZoomAppConfig = {
  accountId: SANDBOX_S2S_ACCOUNT_ID,
  clientId: SANDBOX_S2S_CLIENT_ID,
  clientSecret: new Secret(SANDBOX_S2S_CLIENT_SECRET),
  hostUser: APP_HOST,
};

const MEETING =
  'id uuid hostId topic type startTime durationMinutes timezone joinUrl startUrl agenda password createdAt settings { waitingRoom autoRecording } occurrences { id startTime status durationMinutes }';
const CREATE = `mutation ($input: CreateZoomMeetingInput!, $for: ID) { createZoomMeeting(input: $input, onBehalfOf: $for) { hostedBy fallbackReason meeting { ${MEETING} } } }`;
const UPDATE = `mutation ($input: UpdateZoomMeetingInput!, $for: ID) { updateZoomMeeting(input: $input, onBehalfOf: $for) { meeting { ${MEETING} } } }`;
const DELETE = `mutation ($input: DeleteZoomMeetingInput!, $for: ID) { deleteZoomMeeting(input: $input, onBehalfOf: $for) { meetingId occurrenceId } }`;
const READ = `query ($id: ID!, $for: ID) { zoomMeeting(id: $id, onBehalfOf: $for) { ${MEETING} } }`;

/** The role of the caller, and the user for whom the caller acts. */
export interface ActingFor {
  role?: string;
  onBehalfOf?: string;
}

/** A plain meeting an hour from now. */
export function inAnHour(harness: Harness): { topic: string; startTime: string } {
  return { topic: 'Coaching', startTime: new Date(harness.clock().getTime() + 3_600_000).toISOString() };
}

/** The operations about meetings, as a user of the API writes them. */
export function meetingOperations(harness: Pick<Harness, 'graphql'>) {
  const run =
    (query: string) =>
    (userId: string, variables: object, { role, onBehalfOf }: ActingFor = {}): Promise<GraphQLAnswer> =>
      harness.graphql(userId, query, { variables: { ...variables, for: onBehalfOf }, ...(role && { role }) });
  return {
    create: (userId: string, input: object, acting?: ActingFor) => run(CREATE)(userId, { input }, acting),
    update: (userId: string, input: object, acting?: ActingFor) => run(UPDATE)(userId, { input }, acting),
    remove: (userId: string, input: object, acting?: ActingFor) => run(DELETE)(userId, { input }, acting),
    read: (userId: string, id: string, acting?: ActingFor) => run(READ)(userId, { id }, acting),
  };
}

/** The code of the one error of an answer; undefined: none. */
export function codeOf({ errors }: GraphQLAnswer): string | undefined {
  return errors?.[0]?.extensions.code;
}

/** {@link SANDBOX_APP} as the environment of a server process. */
export const APP_ENVIRONMENT = {
  ZOOM_APP_ACCOUNT_ID: SANDBOX_S2S_ACCOUNT_ID,
  ZOOM_APP_CLIENT_ID: SANDBOX_S2S_CLIENT_ID,
  ZOOM_APP_CLIENT_SECRET: SANDBOX_S2S_CLIENT_SECRET,
  ZOOM_APP_HOST_USER: 'licensed.coach@example.com',
};

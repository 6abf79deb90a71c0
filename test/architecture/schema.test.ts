import {
  type GraphQLNamedType,
  isEnumType,
  isInputObjectType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedScalarType,
} from 'graphql';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createSchema } from '../../src/graphql/schema.js';
import { schemaText } from '../../src/graphql/schema-text.js';

const schema = createSchema();
const types = Object.values(schema.getTypeMap()).filter(
  (type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type),
);

/** A type and everything in it that can carry a description, by its path. */
function* partsOf(type: GraphQLNamedType): Generator<[path: string, description: string | null | undefined]> {
  yield [type.name, type.description];
  if (isEnumType(type))
    for (const value of type.getValues()) yield [`${type.name}.${value.name}`, value.description];
  if (isInputObjectType(type))
    for (const field of Object.values(type.getFields()))
      yield [`${type.name}.${field.name}`, field.description];
  if (isObjectType(type))
    for (const field of Object.values(type.getFields())) {
      yield [`${type.name}.${field.name}`, field.description];
      for (const argument of field.args)
        yield [`${type.name}.${field.name}(${argument.name})`, argument.description];
    }
}

const parts = types.flatMap((type) => [...partsOf(type)]);
/** The roots describe themselves by their fields. */
const ROOTS = new Set(['Query', 'Mutation']);

test('schema.graphql is what the classes say; run `npm run schema`', () => {
  expect(readFileSync(join(import.meta.dirname, '../../schema.graphql'), 'utf8')).toBe(schemaText(schema));
});

test('every type, field, argument and enum value is described', () => {
  const bare = parts
    .filter(([path, description]) => !ROOTS.has(path) && !description?.trim())
    .map(([path]) => path);
  expect(bare).toEqual([]);
});

describe('secrets', () => {
  const SECRET_LIKE =
    /token|secret|password|passcode|verifier|cookie|authorization|credential|jwt|sealed|cipher|apikey|privatekey|zak/i;
  const PASSCODE = 'what the host gives to those who may join or watch';
  /** Names that hold such a word and no secret; each says why. */
  const HARMLESS: Record<string, string> = {
    'Mutation.startZoomAuthorization': 'an operation',
    'Mutation.refreshZoomToken': 'an operation',
    StartZoomAuthorizationInput: 'the input of an operation',
    StartZoomAuthorizationPayload: 'the answer of an operation',
    'StartZoomAuthorizationPayload.authorizationUrl':
      'where the browser goes; the state in it is useless without the cookie',
    RefreshZoomTokenPayload: 'the answer of an operation',
    'ZoomGrant.accessTokenExpiresAt': 'an instant',
    'ZoomConnectionStatus.REAUTHORIZATION_REQUIRED': 'a status',
    'ZoomFallbackReason.ZOOM_REAUTHORIZATION_REQUIRED': 'a reason',
    'ZoomMeeting.password': PASSCODE,
    'ZoomRecording.password': PASSCODE,
    'CreateZoomMeetingInput.password': PASSCODE,
    'UpdateZoomMeetingInput.password': PASSCODE,
    'ZoomAuditEventType.AUTHORIZATION_STARTED': 'an event',
    'ZoomAuditEventType.AUTHORIZATION_DENIED': 'an event',
    'ZoomAuditEventType.AUTHORIZATION_FAILED': 'an event',
    'ZoomAuditEventType.ACCESS_TOKEN_REFRESHED': 'an event',
    'ZoomDisconnectReason.NO_REFRESH_TOKEN': 'a reason',
    'ZoomDisconnectReason.REFRESH_TOKEN_EXPIRED': 'a reason',
    'ZoomDisconnectReason.REFRESH_TOKEN_REJECTED': 'a reason',
  };
  const suspicious = parts
    .map(([path]) => path.replace(/\((\w+)\)$/, '.$1'))
    .filter((path) => SECRET_LIKE.test(path.split('.').at(-1) ?? ''));

  test('no name in the schema looks like a secret', () => {
    expect(suspicious.filter((path) => !(path in HARMLESS))).toEqual([]);
  });

  test('no exception is kept for a name that is gone', () => {
    expect(Object.keys(HARMLESS).filter((path) => !suspicious.includes(path))).toEqual([]);
  });
});

test('only connections are named Connection', () => {
  const named = types.filter(({ name }) => name.endsWith('Connection'));
  for (const type of named)
    expect(isObjectType(type) && Object.keys(type.getFields())).toEqual(
      expect.arrayContaining(['edges', 'pageInfo']),
    );
});

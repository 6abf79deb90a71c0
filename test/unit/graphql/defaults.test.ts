import {
  coerceInputValue,
  getNamedType,
  getNullableType,
  type GraphQLArgument,
  type GraphQLInputField,
  type GraphQLInputType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { withoutNulls } from '../../../src/graphql/omit-null-arguments.js';
import { listCost } from '../../../src/graphql/query-cost.js';
import { createSchema } from '../../../src/graphql/schema.js';

type Definition = GraphQLArgument | GraphQLInputField;
type Values = Record<string, unknown>;

/** An argument of a field, or a field of an input object in one; `path` leads from the argument to it. */
interface Place {
  args: readonly GraphQLArgument[];
  path: readonly [Definition, ...Definition[]];
}

function* placesBelow({ args, path }: Place): Generator<Place> {
  yield { args, path };
  const type = getNamedType(path[path.length - 1]?.type);
  if (isInputObjectType(type))
    for (const field of Object.values(type.getFields())) yield* placesBelow({ args, path: [...path, field] });
}

const places = Object.values(createSchema().getTypeMap())
  .filter(isObjectType)
  .filter(({ name }) => !name.startsWith('__'))
  .flatMap((type) =>
    Object.values(type.getFields()).flatMap((field) =>
      field.args.flatMap((argument) =>
        [...placesBelow({ args: field.args, path: [argument] })].map(
          (place) => [[field.name, ...place.path.map(({ name }) => name)].join('.'), place] as const,
        ),
      ),
    ),
  );
const last = ({ path }: Place) => path[path.length - 1] ?? path[0];

/** JSON for a type with what is required, and with `value` at the end of `path`. */
function jsonFor(type: GraphQLInputType, path: readonly Definition[], value: unknown): unknown {
  const [next, ...rest] = path;
  const nullable = getNullableType(type);
  if (isListType(nullable)) return [jsonFor(nullable.ofType, path, value)];
  if (isEnumType(nullable)) return nullable.getValues()[0]?.name;
  if (!isInputObjectType(nullable)) return { DateTime: '2030-01-31T18:00:00Z' }[nullable.name] ?? '1';
  return Object.fromEntries(
    Object.values(nullable.getFields())
      .filter((field) => field === next || (isNonNullType(field.type) && field.defaultValue === undefined))
      .map((field) => [
        field.name,
        field === next && rest.length === 0 ? value : jsonFor(field.type, field === next ? rest : [], value),
      ]),
  );
}

/** What a resolver gets for the arguments of a place if `value` is sent there. */
function received({ args, path: [argument, ...path] }: Place, value: unknown): Values {
  const sent = path.length === 0 ? value : jsonFor(argument.type, path, value);
  const coerced = args.map(({ name, type, defaultValue }) => [
    name,
    name === argument.name && sent !== undefined ? coerceInputValue(sent, type) : defaultValue,
  ]);
  return withoutNulls(Object.fromEntries(coerced) as Values, args);
}

const withDefault = places.filter(([, place]) => last(place).defaultValue !== undefined);

test('the schema has defaults on arguments and inside of input objects', () => {
  expect(withDefault.map(([name]) => name)).toEqual(
    expect.arrayContaining([
      'zoomMeetings.first',
      'zoomMeetings.type',
      'createZoomMeeting.input.schedule',
      'createZoomMeeting.input.recurrence.interval',
    ]),
  );
});

test.each(withDefault)('null for %s is the default, as if it were left out', (_name, place) => {
  expect(isNonNullType(last(place).type)).toBe(false);
  expect(received(place, null)).toStrictEqual(received(place, undefined));
  expect(JSON.stringify(received(place, null))).toContain(`"${last(place).name}":`);
});

test.each(places.filter(([, place]) => !isNonNullType(last(place).type)))(
  'null for %s is the same as leaving it out',
  (_name, place) => {
    expect(received(place, null)).toStrictEqual(received(place, undefined));
  },
);

test('a list costs the same with null for first as without it', () => {
  const args = [{ name: 'first', type: places[0]?.[1].path[0].type, defaultValue: 30 }];
  const cost = (given: Values) =>
    listCost(1_000)({ args: given, field: { args }, childComplexity: 2 } as unknown as Parameters<
      ReturnType<typeof listCost>
    >[0]);
  expect([cost({ first: null }), cost({ first: 30 }), cost({ first: 1 })]).toEqual([1_060, 1_060, 1_002]);
});

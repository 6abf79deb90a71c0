import { isScalarType, isSpecifiedScalarType } from 'graphql';
import { createSchema } from '../../../src/graphql/schema.js';

const scalars = Object.values(createSchema().getTypeMap())
  .filter(isScalarType)
  .filter((type) => !isSpecifiedScalarType(type));
const VALID: Record<string, string> = {
  URL: 'https://app.example.com/x',
  DateTime: '2030-01-01T00:00:00Z',
  Date: '2030-01-01',
};

test.each(scalars.map((type) => [type.name, type] as const))(
  '%s takes neither a list nor an object',
  (name, type) => {
    const valid = VALID[name];
    expect(valid).toBeDefined();
    expect(() => type.parseValue(valid)).not.toThrow();
    for (const value of [[valid], { value: valid }, [], {}]) expect(() => type.parseValue(value)).toThrow();
  },
);

test('a further schema changes nothing more', () => {
  const [type] = scalars;
  const parse = type?.parseValue;
  createSchema();
  expect(type?.parseValue).toBe(parse);
});

const parseDateTime = (value: unknown) => scalars.find(({ name }) => name === 'DateTime')?.parseValue(value);

test.each([
  ['2030-01-15T18:00:00Z', '2030-01-15T18:00:00.000Z'],
  ['2030-01-15T18:00:00.250Z', '2030-01-15T18:00:00.250Z'],
  ['2030-01-15T18:00:00+05:30', '2030-01-15T12:30:00.000Z'],
  ['2030-01-15T18:00:00-08:00', '2030-01-16T02:00:00.000Z'],
])('the DateTime %s is the instant %s', (text, instant) => {
  expect(parseDateTime(text)).toEqual(new Date(instant));
});

test.each(['2030-01-15T18:00:00', '2030-01-15', '2030-02-31T18:00:00Z', '2030-01-15T25:00:00Z', '', 'soon'])(
  '%j is no DateTime',
  (text) => {
    expect(() => parseDateTime(text)).toThrow();
  },
);

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

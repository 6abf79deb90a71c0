import {
  GraphQLError,
  type GraphQLScalarType,
  type GraphQLSchema,
  isScalarType,
  isSpecifiedScalarType,
} from 'graphql';

/** Scalars are shared by all schemas of a process: each is changed once. */
const strict = new WeakSet<GraphQLScalarType>();

/**
 * Makes the scalars of a schema refuse lists and objects in variables. Some libraries convert whatever they get to a
 * string, so that a list of one URL would be a URL.
 */
export function makeScalarsStrict(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isScalarType(type) || isSpecifiedScalarType(type) || strict.has(type)) continue;
    const parse = type.parseValue.bind(type);
    type.parseValue = (value) => {
      if (typeof value === 'object' && value !== null)
        throw new GraphQLError(`${type.name} takes neither a list nor an object.`);
      return parse(value);
    };
    strict.add(type);
  }
}

import {
  type GraphQLArgument,
  type GraphQLInputField,
  type GraphQLInputType,
  type GraphQLSchema,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';

/** An argument, or a field of an input object. */
type InputValue = Pick<GraphQLArgument | GraphQLInputField, 'name' | 'type' | 'defaultValue'>;

/**
 * Makes `null` mean the same as an argument, or a field of an input object, that is left out: its default, or nothing.
 * Clients send `null` for a variable that they have no value for, such as `after` on the first page. This is the one
 * place that knows `null`: resolvers and input types know only values and `undefined`. In the schema an argument with a
 * default has to be nullable, because graphql-js refuses `null` for a type that is not.
 */
export function omitNullArguments(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap()).filter(isObjectType))
    for (const field of Object.values(type.getFields())) {
      const { resolve } = field;
      if (!resolve || field.args.length === 0) continue;
      field.resolve = (source, args: Record<string, unknown>, context, info) =>
        resolve(source, withoutNulls(args, field.args), context, info);
    }
}

/** Coerced values of arguments, or of the fields of an input object, without `null` and with the defaults in its place. */
export function withoutNulls(
  values: Record<string, unknown>,
  definitions: readonly InputValue[],
): Record<string, unknown> {
  return Object.fromEntries(
    definitions
      .map(({ name, type, defaultValue }) => [name, valueOf(values[name] ?? defaultValue, type)] as const)
      .filter(([, value]) => value !== undefined && value !== null),
  );
}

function valueOf(value: unknown, type: GraphQLInputType): unknown {
  if (value === undefined || value === null) return value;
  if (isNonNullType(type)) return valueOf(value, type.ofType);
  if (isListType(type) && Array.isArray(value)) return value.map((item) => valueOf(item, type.ofType));
  if (!isInputObjectType(type)) return value;
  return withoutNulls(value as Record<string, unknown>, Object.values(type.getFields()));
}

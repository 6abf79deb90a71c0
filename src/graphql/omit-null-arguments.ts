import { type GraphQLSchema, isObjectType } from 'graphql';

/**
 * Makes `null` mean the same as an argument, or a field of an input object, that is left out. Clients send `null` for a
 * variable that they have no value for, such as `after` on the first page. This is the one place that knows `null`:
 * resolvers and input types know only values and `undefined`.
 */
export function omitNullArguments(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap()).filter(isObjectType))
    for (const field of Object.values(type.getFields())) {
      const { resolve } = field;
      if (!resolve || field.args.length === 0) continue;
      field.resolve = (source, args: object, context, info) =>
        resolve(source, withoutNulls(args), context, info);
    }
}

function withoutNulls(fields: object): object {
  return Object.fromEntries(
    Object.entries(fields)
      .filter(([, value]) => value !== null)
      .map(([name, value]: [string, unknown]) => [name, isInputObject(value) ? withoutNulls(value) : value]),
  );
}

/** Scalars such as dates and URLs are objects too; graphql-js makes input objects plain ones. */
function isInputObject(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

import { type GraphQLFieldResolver, type GraphQLSchema } from 'graphql';
import { AppError } from '../lib/errors.js';
import { type GraphQLContext } from './context.js';

/**
 * Makes every field of Query and Mutation leave a trace where one belongs: in the trail, before it does anything for
 * another user, and in the log when it is refused as `FORBIDDEN`. A field that has the argument `onBehalfOf` needs
 * nothing else for that.
 */
export function traceAccess(schema: GraphQLSchema): void {
  for (const type of [schema.getQueryType(), schema.getMutationType()])
    for (const field of Object.values(type?.getFields() ?? {}))
      if (field.resolve) field.resolve = traced(field.name, field.resolve);
}

function traced(
  name: string,
  resolve: GraphQLFieldResolver<unknown, unknown>,
): GraphQLFieldResolver<unknown, unknown> {
  return async (source, args: { onBehalfOf?: string }, context, info) => {
    const { onBehalfOf } = args;
    try {
      if (onBehalfOf !== undefined) await (context as GraphQLContext).noteOnBehalf(name, onBehalfOf);
      return await resolve(source, args, context, info);
    } catch (error) {
      if (error instanceof AppError && error.code === 'FORBIDDEN')
        (context as GraphQLContext).noteRefusal(name, onBehalfOf);
      throw error;
    }
  };
}

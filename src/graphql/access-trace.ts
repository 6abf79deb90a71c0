import { type GraphQLFieldResolver, type GraphQLSchema } from 'graphql';
import { AppError } from '../lib/errors.js';
import { type GraphQLContext } from './context.js';

/**
 * Makes every field of Query and Mutation leave a trace where one belongs: in the trail, before anything of another user
 * leaves, and in the log when it is refused as `FORBIDDEN`. A field that has the argument `onBehalfOf` needs nothing else
 * for that.
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
    const traces = context as GraphQLContext;
    // Side by side, so that what the fields of one request read is still read together.
    const [trace, outcome] = await Promise.allSettled([
      onBehalfOf === undefined ? undefined : traces.noteOnBehalf(name, onBehalfOf),
      Promise.resolve().then(() => resolve(source, args, context, info)),
    ]);
    const failed = [outcome, trace].find((each) => each.status === 'rejected');
    if (outcome.status === 'fulfilled' && !failed) return outcome.value;
    const error = failed?.reason as Error;
    if (error instanceof AppError && error.code === 'FORBIDDEN') traces.noteRefusal(name, onBehalfOf);
    throw error;
  };
}

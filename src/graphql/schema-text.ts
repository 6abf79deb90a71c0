import { type GraphQLSchema, lexicographicSortSchema, printSchema } from 'graphql';

const HEADER = '# Generated from the classes in src/graphql by `npm run schema`. Do not edit.';

/** The content of `schema.graphql`. It is sorted, so that it changes only when the schema changes. */
export function schemaText(schema: GraphQLSchema): string {
  return `${HEADER}\n\n${printSchema(lexicographicSortSchema(schema))}\n`;
}

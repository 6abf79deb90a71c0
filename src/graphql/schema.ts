import 'reflect-metadata';
import { type GraphQLSchema } from 'graphql';
import { buildSchemaSync } from 'type-graphql';
import { traceAccess } from './access-trace.js';
import { omitNullArguments } from './omit-null-arguments.js';
import { SupportResolver } from './resolvers/support-resolver.js';
import { ZoomGrantResolver } from './resolvers/zoom-grant-resolver.js';
import { ZoomMeetingResolver } from './resolvers/zoom-meeting-resolver.js';
import { ZoomProfileResolver } from './resolvers/zoom-profile-resolver.js';
import { ZoomRecordingResolver } from './resolvers/zoom-recording-resolver.js';
import { makeScalarsStrict } from './strict-scalars.js';

/** The executable schema. `npm run schema` writes it to `schema.graphql`. */
export function createSchema(): GraphQLSchema {
  const schema = buildSchemaSync({
    resolvers: [
      ZoomGrantResolver,
      ZoomProfileResolver,
      ZoomMeetingResolver,
      ZoomRecordingResolver,
      SupportResolver,
    ],
    // Arguments are checked where they are used, not by class-validator.
    validate: false,
    // `npm run schema` writes the file, on demand.
    emitSchemaFile: false,
  });
  traceAccess(schema);
  omitNullArguments(schema);
  makeScalarsStrict(schema);
  return schema;
}

/** The names of the queries and mutations. */
export function fieldsOf(schema: GraphQLSchema): string[] {
  const roots = [schema.getQueryType(), schema.getMutationType()];
  return roots.flatMap((type) => Object.keys(type?.getFields() ?? {}));
}

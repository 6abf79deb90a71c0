import 'reflect-metadata';
import { type GraphQLSchema } from 'graphql';
import { buildSchemaSync } from 'type-graphql';
import { omitNullArguments } from './omit-null-arguments.js';
import { SupportResolver } from './resolvers/support-resolver.js';
import { ZoomGrantResolver } from './resolvers/zoom-grant-resolver.js';
import { ZoomMeetingResolver } from './resolvers/zoom-meeting-resolver.js';
import { ZoomProfileResolver } from './resolvers/zoom-profile-resolver.js';
import { ZoomRecordingResolver } from './resolvers/zoom-recording-resolver.js';

/** The executable schema. `schema.graphql` is emitted from it. */
export function createSchema(): GraphQLSchema {
  const schema = buildSchemaSync({
    resolvers: [
      ZoomGrantResolver,
      ZoomProfileResolver,
      ZoomMeetingResolver,
      ZoomRecordingResolver,
      SupportResolver,
    ],
    // Arguments are checked where they are used; nothing is decorated for class-validator.
    validate: false,
    // type-graphql would print the schema to a file by itself; `npm run schema` does it on demand.
    emitSchemaFile: false,
  });
  omitNullArguments(schema);
  return schema;
}

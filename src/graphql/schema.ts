import 'reflect-metadata';
import { type GraphQLSchema } from 'graphql';
import { buildSchemaSync } from 'type-graphql';
import { ZoomGrantResolver } from './resolvers/zoom-grant-resolver';
import { ZoomMeetingResolver } from './resolvers/zoom-meeting-resolver';
import { ZoomProfileResolver } from './resolvers/zoom-profile-resolver';
import { ZoomRecordingResolver } from './resolvers/zoom-recording-resolver';

/** The executable schema. `schema.graphql` is emitted from it. */
export function createSchema(): GraphQLSchema {
  return buildSchemaSync({
    resolvers: [ZoomGrantResolver, ZoomProfileResolver, ZoomMeetingResolver, ZoomRecordingResolver],
    // Arguments are checked where they are used; nothing is decorated for class-validator.
    validate: false,
    // type-graphql would print the schema to a file by itself; `npm run schema` does it on demand.
    emitSchemaFile: false,
  });
}

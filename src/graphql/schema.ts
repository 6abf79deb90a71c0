import 'reflect-metadata';
import { type GraphQLSchema, isObjectType } from 'graphql';
import { buildSchemaSync } from 'type-graphql';
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
  takeNullForLeftOut(schema);
  return schema;
}

/** Clients send `null` for a variable that they have no value for, e.g. `after` on the first page. */
function takeNullForLeftOut(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap()).filter(isObjectType))
    for (const field of Object.values(type.getFields())) {
      const { resolve } = field;
      if (!resolve || field.args.length === 0) continue;
      field.resolve = (source, args: Record<string, unknown>, context, info) =>
        resolve(
          source,
          Object.fromEntries(Object.entries(args).filter(([, value]) => value !== null)),
          context,
          info,
        );
    }
}

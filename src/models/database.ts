import 'reflect-metadata';
import { buildSchema, type ReturnModelType } from '@typegoose/typegoose';
import mongoose from 'mongoose';
import { AuditEntry } from './audit-event.js';
import { AuthorizationRequest } from './authorization-request.js';
import { buildIndexes, type IndexFinding } from './build-indexes.js';
import { ClientWatch, type ClientWatchOptions } from './client-watch.js';
import { clientOptions, connect, type Waiting } from './connect.js';
import { ConnectionEvent } from './connection-event.js';
import { countForeignRows, describeForeignRows } from './foreign-rows.js';
import { HostedMeeting } from './hosted-meeting.js';
import { MeetingCreation } from './meeting-creation.js';
import { OWN_GRANT } from './own-grant.js';
import { PendingRevocation } from './pending-revocation.js';
import { READABLE_VERSION, restrictTo } from './schema-version.js';
import { UserOAuthToken } from './user-oauth-token.js';

/** The collections of this product, on one connection. */
export interface Models {
  grants: ReturnModelType<typeof UserOAuthToken>;
  authorizationRequests: ReturnModelType<typeof AuthorizationRequest>;
  pendingRevocations: ReturnModelType<typeof PendingRevocation>;
  auditEvents: ReturnModelType<typeof AuditEntry>;
  connectionEvents: ReturnModelType<typeof ConnectionEvent>;
  hostedMeetings: ReturnModelType<typeof HostedMeeting>;
  meetingCreations: ReturnModelType<typeof MeetingCreation>;
}

/** An open database. */
export interface Database {
  models: Models;
  connection: mongoose.Connection;
  /** Resolves when the database answers; rejects when it does not. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** How a database is opened. */
export interface OpenOptions extends Partial<Omit<ClientWatchOptions, 'connection' | 'connect'>> {
  /** Absent: a database that does not answer is not waited for. */
  waiting?: Waiting;
  /** Nothing is counted or built: for tools that only read. */
  isReadOnly?: boolean;
  /** Called once, before the first index is built, if there are rows that are not ours. `rows` names and counts them. */
  onForeignRows?: (rows: string) => void;
  onIndex?: (finding: IndexFinding) => void;
}

/**
 * Connects, counts the rows that are not ours, and builds every index before it resolves. Nothing is buffered while the database is away: an
 * operation then fails within seconds in place of hanging. With `waiting`, it waits for a database that does not answer.
 * @throws StartError when the URI, the credentials or the rights are wrong; MongooseError when no server answers
 */
export async function openDatabase(uri: string, options: OpenOptions = {}): Promise<Database> {
  const { waiting, onRebuild = () => undefined, lostForMs } = options;
  const connection = await connect(uri, waiting);
  const watch = new ClientWatch({
    connection,
    connect: () => new mongoose.mongo.MongoClient(uri, clientOptions(uri)).connect(),
    onRebuild,
    lostForMs,
  });
  const models: Models = {
    grants: modelOf(connection, UserOAuthToken),
    authorizationRequests: modelOf(connection, AuthorizationRequest),
    pendingRevocations: modelOf(connection, PendingRevocation),
    auditEvents: modelOf(connection, AuditEntry),
    connectionEvents: modelOf(connection, ConnectionEvent),
    hostedMeetings: modelOf(connection, HostedMeeting),
    meetingCreations: modelOf(connection, MeetingCreation),
  };
  try {
    if (!options.isReadOnly) await prepare(models, options);
  } catch (error) {
    await connection.close();
    throw error;
  }
  watch.start();
  return {
    models,
    connection,
    ping: async () => {
      await connection.db?.command({ ping: 1 });
    },
    close: async () => {
      await watch.stop();
      await connection.close();
    },
  };
}

async function prepare(models: Models, { onForeignRows, onIndex }: OpenOptions): Promise<void> {
  const all = Object.values(models) as mongoose.Model<unknown>[];
  const counts = await Promise.all(all.map(countForeignRows));
  const found = describeForeignRows(counts);
  if (found !== undefined) onForeignRows?.(found);
  for (const model of all) await buildIndexes(model, onIndex);
}

/** Typegoose's own registry is process-wide and would hand the first connection's model to every later one. */
function modelOf<T extends new () => object>(connection: mongoose.Connection, cls: T) {
  const schema = buildSchema(cls, { schemaOptions: { strictQuery: true, strict: 'throw' } });
  restrictTo(schema, cls === (UserOAuthToken as unknown) ? OWN_GRANT : READABLE_VERSION);
  return connection.model(cls.name, schema) as unknown as ReturnModelType<T>;
}

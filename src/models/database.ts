import 'reflect-metadata';
import { buildSchema, type ReturnModelType } from '@typegoose/typegoose';
import mongoose from 'mongoose';
import { AuditEntry } from './audit-event.js';
import { AuthorizationRequest } from './authorization-request.js';
import { buildIndexes, type IndexFinding } from './build-indexes.js';
import { ClientWatch, type ClientWatchOptions } from './client-watch.js';
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

/** What the start has found out about the stored data. */
export interface Findings {
  /** Called once, before the first index is built, when there are rows that are not ours. `rows` names and counts them. */
  onForeignRows: (rows: string) => void;
  onIndex: (finding: IndexFinding) => void;
}

/** An operation waits for a server, for its turn and for the answer; a read is repeated once. Together less than 30 s. */
const SERVER_SELECTION_TIMEOUT_MS = 5_000;
const CONNECT_TIMEOUT_MS = 5_000;
const SOCKET_TIMEOUT_MS = 8_000;
const WAIT_QUEUE_TIMEOUT_MS = 8_000;
/** For a URI that names none; the driver's own default is `test`. */
const DEFAULT_DATABASE = 'zoom';

/**
 * Connects, counts the rows that are not ours, and builds every index before it resolves, unless `isReadOnly`. Nothing is buffered while the database is away: an
 * operation then fails within seconds in place of hanging.
 * @throws MongooseError when no server answers, StartError when an index cannot be built that keeps two users apart.
 */
export async function openDatabase(
  uri: string,
  {
    onRebuild = () => undefined,
    lostForMs,
    isReadOnly = false,
    ...findings
  }: Partial<Omit<ClientWatchOptions, 'connection' | 'connect'> & Findings & { isReadOnly: boolean }> = {},
): Promise<Database> {
  const options = clientOptions(uri);
  const connection = mongoose.createConnection(uri, {
    autoIndex: false,
    autoCreate: false,
    bufferCommands: false,
    ...options,
  });
  await connection.asPromise();
  const watch = new ClientWatch({
    connection,
    connect: () => new mongoose.mongo.MongoClient(uri, options).connect(),
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
  if (!isReadOnly)
    await prepare(models, findings).catch(async (error: unknown) => {
      await connection.close();
      throw error;
    });
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

async function prepare(models: Models, { onForeignRows, onIndex }: Partial<Findings>): Promise<void> {
  const all = Object.values(models) as mongoose.Model<unknown>[];
  const counts = await Promise.all(all.map(countForeignRows));
  const found = describeForeignRows(counts);
  if (found !== undefined) onForeignRows?.(found);
  for (const model of all) await buildIndexes(model, onIndex);
}

function clientOptions(uri: string): mongoose.mongo.MongoClientOptions & { dbName?: string } {
  return {
    serverSelectionTimeoutMS: SERVER_SELECTION_TIMEOUT_MS,
    connectTimeoutMS: CONNECT_TIMEOUT_MS,
    socketTimeoutMS: SOCKET_TIMEOUT_MS,
    waitQueueTimeoutMS: WAIT_QUEUE_TIMEOUT_MS,
    writeConcern: { w: 'majority' },
    appName: 'zoom-grant-server',
    ...(!namesDatabase(uri) && { dbName: DEFAULT_DATABASE }),
  };
}

/** Typegoose's own registry is process-wide and would hand the first connection's model to every later one. */
function modelOf<T extends new () => object>(connection: mongoose.Connection, cls: T) {
  const schema = buildSchema(cls, { schemaOptions: { strictQuery: true, strict: 'throw' } });
  restrictTo(schema, cls === (UserOAuthToken as unknown) ? OWN_GRANT : READABLE_VERSION);
  return connection.model(cls.name, schema) as unknown as ReturnModelType<T>;
}

function namesDatabase(uri: string): boolean {
  return /^mongodb(?:\+srv)?:\/\/[^/]+\/[^?]/.test(uri);
}

import { MAX_DOCUMENT_BYTES } from '../bson/documents';
import { type Command } from './request';

const hello: Command = {
  options: undefined,
  run: ({ now }) => ({
    helloOk: true,
    isWritablePrimary: true,
    ismaster: true,
    maxBsonObjectSize: MAX_DOCUMENT_BYTES,
    maxMessageSizeBytes: 48_000_000,
    maxWriteBatchSize: 100_000,
    localTime: now,
    logicalSessionTimeoutMinutes: 30,
    minWireVersion: 0,
    maxWireVersion: 21,
    readOnly: false,
    ok: 1,
  }),
};

const buildInfo: Command = {
  options: [],
  run: () => ({ version: '7.0.0', versionArray: [7, 0, 0, 0], maxBsonObjectSize: MAX_DOCUMENT_BYTES, ok: 1 }),
};

/** Commands by which a client finds out what it talks to: a standalone server of version 7.0. */
export const handshakeCommands: Record<string, Command> = {
  hello,
  ismaster: hello,
  isMaster: hello,
  ping: { options: [], run: () => ({ ok: 1 }) },
  buildInfo,
  buildinfo: buildInfo,
  // Sessions carry no state here: without transactions there is nothing to end.
  endSessions: { options: [], run: () => ({ ok: 1 }) },
};

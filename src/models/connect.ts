import mongoose from 'mongoose';
import { setTimeout as sleep } from 'node:timers/promises';
import { StartError } from '../lib/start-error.js';
import { exponentialBackoff } from '../lib/timing.js';

/** An operation waits for a server, for its turn and for the answer; a read is repeated once. Together less than 30 s. */
const SERVER_SELECTION_TIMEOUT_MS = 5_000;
const CONNECT_TIMEOUT_MS = 5_000;
const SOCKET_TIMEOUT_MS = 8_000;
const WAIT_QUEUE_TIMEOUT_MS = 8_000;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 10_000;
/** For a URI that names none; the driver's own default is `test`. */
const DEFAULT_DATABASE = 'zoom';

/** How to wait for a database that does not answer. */
export interface Waiting {
  /** Called after each try that failed. */
  onUnavailable: (error: unknown, tries: number) => void;
  /** Ends the waiting at once. */
  signal: AbortSignal;
}

/**
 * Connects. With `waiting`, a database that does not answer is tried again until it does, with pauses up to ten seconds.
 * @throws StartError when the URI or the credentials are wrong; MongooseError when no server answers; the reason of the
 *   signal
 */
export async function connect(uri: string, waiting?: Waiting): Promise<mongoose.Connection> {
  for (let tries = 1; ; tries++) {
    waiting?.signal.throwIfAborted();
    try {
      return await connectOnce(uri, waiting?.signal);
    } catch (error) {
      const problem = problemOf(error);
      if (problem !== undefined) throw new StartError(`MONGODB_URI: ${problem}`);
      if (!waiting || waiting.signal.aborted || !isUnavailable(error)) throw error;
      waiting.onUnavailable(error, tries);
      const pause = exponentialBackoff(FIRST_PAUSE_MS, LONGEST_PAUSE_MS, tries);
      await sleep(pause, undefined, { signal: waiting.signal });
    }
  }
}

/** The options of the database client for a URI. */
export function clientOptions(uri: string): mongoose.mongo.MongoClientOptions & { dbName?: string } {
  return {
    serverSelectionTimeoutMS: SERVER_SELECTION_TIMEOUT_MS,
    connectTimeoutMS: CONNECT_TIMEOUT_MS,
    socketTimeoutMS: SOCKET_TIMEOUT_MS,
    waitQueueTimeoutMS: WAIT_QUEUE_TIMEOUT_MS,
    readPreference: 'primary',
    writeConcern: { w: 'majority' },
    appName: 'zoom-grant-server',
    ...(!namesDatabase(uri) && { dbName: DEFAULT_DATABASE }),
  };
}

async function connectOnce(uri: string, signal: AbortSignal | undefined): Promise<mongoose.Connection> {
  const connection = mongoose.createConnection(uri, {
    autoIndex: false,
    autoCreate: false,
    bufferCommands: false,
    ...clientOptions(uri),
  });
  const opened = connection.asPromise();
  try {
    await (signal ? Promise.race([opened, aborted(signal)]) : opened);
    return connection;
  } catch (error) {
    opened.catch(() => undefined);
    void connection.destroy().catch(() => undefined);
    throw error;
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener(
      'abort',
      () => {
        reject(signal.reason as Error);
      },
      { once: true },
    );
  });
}

/** MongoDB's codes for refused credentials: AuthenticationFailed, and Atlas' own. */
const REFUSED_CREDENTIALS = new Set<unknown>([18, 8000]);

/** What the operator has to mend. The driver's own messages may quote the URI. */
function problemOf(error: unknown): string | undefined {
  const { mongo } = mongoose;
  if (error instanceof mongo.MongoParseError) return 'the driver cannot read it';
  if (error instanceof mongo.MongoServerError && REFUSED_CREDENTIALS.has(error.code))
    return 'the database refuses the user or the password';
  return undefined;
}

function isUnavailable(error: unknown): boolean {
  const { mongo } = mongoose;
  const code = error instanceof Error && 'syscall' in error ? String(error.syscall) : '';
  return (
    error instanceof mongoose.Error.MongooseServerSelectionError ||
    error instanceof mongo.MongoServerSelectionError ||
    error instanceof mongo.MongoNetworkError ||
    // The names of mongodb+srv:// are looked up first.
    /^query(Srv|Txt)$/.test(code)
  );
}

function namesDatabase(uri: string): boolean {
  return /^mongodb(?:\+srv)?:\/\/[^/]+\/[^?]/.test(uri);
}

import { BSON } from 'mongodb';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** What happens to a command on its way to the database. */
export type Interference =
  /** Answered with an error; the database never sees it. */
  | 'refuse'
  /** Kept back until `release`. */
  | 'hold'
  /** Carried out, and the answer kept back until `release`. */
  | 'hold_answer'
  /** Lost: the database never sees it, and no answer comes. */
  | 'swallow'
  /** Both sides are cut off; the database never sees it. */
  | 'cut';

/** Decides for each command; undefined lets it pass. */
export type Rule = (command: Record<string, unknown>) => Interference | undefined;

/** A proxy in front of a database that understands just enough of the wire protocol to get in the way. */
export interface DatabaseProxy {
  /** The database's URI through the proxy. */
  uri(original: string): string;
  /** Replaces the rules. */
  interfere(rule: Rule | undefined): void;
  /** How often a rule has applied. */
  interferences: number;
  /** Lets what is held go on. */
  release(): void;
  /** Cuts every connection and refuses new ones, or takes them again. */
  setReachable(reachable: boolean): void;
  close(): Promise<void>;
}

const OP_MSG = 2013;
const HEADER_BYTES = 16;

/** Starts a proxy for the server of a `mongodb://` URI, be it a TCP address or a unix socket. */
export async function startDatabaseProxy(target: string): Promise<DatabaseProxy> {
  const address = decodeURIComponent(/^mongodb:\/\/([^/?]+)/.exec(target)?.[1] ?? '');
  const [host = '', port = '27017'] = address.split(':');
  const dial = () =>
    address.startsWith('/') ? connect({ path: address }) : connect({ host, port: Number(port) });
  const sockets = new Set<Socket>();
  const held: (() => void)[] = [];
  let rule: Rule | undefined;
  let reachable = true;

  const server: Server = createServer((client) => {
    if (!reachable) return void client.destroy();
    const upstream = dial();
    const holding = new Set<number>();
    for (const socket of [client, upstream]) {
      sockets.add(socket.setNoDelay(true));
      socket
        .on('error', () => undefined)
        .on('close', () => {
          sockets.delete(socket);
          client.destroy();
          upstream.destroy();
        });
    }
    onMessage(client, (message) => {
      const command = rule && commandOf(message);
      const action = command && rule?.(command);
      if (action) proxy.interferences++;
      if (action === 'cut') return void client.destroy();
      if (action === 'swallow') return;
      if (action === 'hold') return void held.push(() => upstream.write(message));
      if (action === 'refuse') return void client.write(refusal(message));
      if (action === 'hold_answer') holding.add(message.readInt32LE(4));
      upstream.write(message);
    });
    onMessage(upstream, (message) => {
      if (!holding.delete(message.readInt32LE(8))) return void client.write(message);
      held.push(() => client.write(message));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const listening = server.address() as { port: number };

  const proxy: DatabaseProxy = {
    interferences: 0,
    uri: (original) => original.replace(/^mongodb:\/\/[^/?]+/, `mongodb://127.0.0.1:${listening.port}`),
    interfere: (next) => {
      rule = next;
    },
    release: () => {
      for (const send of held.splice(0)) send();
    },
    setReachable: (next) => {
      reachable = next;
      if (!next) for (const socket of sockets) socket.destroy();
    },
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => {
          resolve();
        });
      }),
  };
  return proxy;
}

/** Calls `handle` with each whole message of a connection. */
function onMessage(socket: Socket, handle: (message: Buffer) => void): void {
  let pending = Buffer.alloc(0);
  socket.on('data', (chunk) => {
    pending = Buffer.concat([pending, chunk]);
    while (pending.length >= HEADER_BYTES && pending.length >= pending.readInt32LE(0)) {
      const length = pending.readInt32LE(0);
      handle(Buffer.from(pending.subarray(0, length)));
      pending = pending.subarray(length);
    }
  });
}

/** The body of an OP_MSG with its document sequences, or undefined for anything else. */
function commandOf(message: Buffer): Record<string, unknown> | undefined {
  if (message.readInt32LE(12) !== OP_MSG) return undefined;
  let command: Record<string, unknown> = {};
  for (let at = HEADER_BYTES + 4; at < message.length;) {
    const kind = message[at++];
    const size = message.readInt32LE(at);
    const section = message.subarray(at, at + size);
    at += size;
    if (kind === 0) command = { ...command, ...(BSON.deserialize(section) as Record<string, unknown>) };
    else {
      const nameEnd = section.indexOf(0, 4);
      const documents: unknown[] = [];
      for (let from = nameEnd + 1; from < size; from += section.readInt32LE(from))
        documents.push(BSON.deserialize(section.subarray(from, from + section.readInt32LE(from))));
      command[section.toString('utf8', 4, nameEnd)] = documents;
    }
  }
  return command;
}

/** `ok: 0` in the place of the database's own answer. */
function refusal(request: Buffer): Buffer {
  const body = BSON.serialize({ ok: 0, errmsg: 'refused by the test', code: 8000, codeName: 'AtlasError' });
  const answer = Buffer.alloc(HEADER_BYTES + 5);
  answer.writeInt32LE(HEADER_BYTES + 5 + body.length, 0);
  answer.writeInt32LE(1, 4);
  answer.writeInt32LE(request.readInt32LE(4), 8);
  answer.writeInt32LE(OP_MSG, 12);
  return Buffer.concat([answer, body]);
}

const isOn = (command: Record<string, unknown>, collection: string) =>
  ['update', 'findAndModify', 'insert', 'delete'].some((name) => command[name] === collection);

/** Any write to the grants. */
export const grantWrite: Rule = (command) => (isOn(command, 'useroauthtokens') ? 'refuse' : undefined);

const isChange = (command: Record<string, unknown>) => command['findAndModify'] === 'useroauthtokens';
const writes = (command: Record<string, unknown>, text: string) =>
  isChange(command) && JSON.stringify(command['update']).includes(text);

/** Any write to an existing grant but the taking of a lease: what a holder cannot write then. */
export function isHolderWrite(command: Record<string, unknown>): boolean {
  return command['update'] === 'useroauthtokens' || (isChange(command) && !isLease(command));
}

/** Whether a command stores rotated tokens. */
export function isRotation(command: Record<string, unknown>): boolean {
  return writes(command, '"zoomAccessToken":{') && !isReauthorization(command);
}

/** Whether a command stores the tokens of an authorization. */
export function isAuthorization(command: Record<string, unknown>): boolean {
  return command['insert'] === 'useroauthtokens' || isReauthorization(command);
}

/** Whether a command takes a refresh lease. */
export function isLease(command: Record<string, unknown>): boolean {
  return writes(command, '"formerOwner"');
}

/** Whether a command is on the outbox of events about connections. */
export function isConnectionEvent(command: Record<string, unknown>): boolean {
  return isOn(command, 'connectionevents');
}

/** Whether a command stores an event in the audit trail. */
export function isAuditEvent(command: Record<string, unknown>): boolean {
  return command['insert'] === 'auditevents';
}

/** Whether a command renews a refresh lease. */
export function isRenewal(command: Record<string, unknown>): boolean {
  return command['update'] === 'useroauthtokens' && mentions(command['updates'], 'refreshLease.expiresAt');
}

/** Whether a command puts new tokens into the row of a user who has authorized before. */
export function isReauthorization(command: Record<string, unknown>): boolean {
  return writes(command, '"authorizedAt":{');
}

/** Whether a command ends a grant. */
export function isEnd(command: Record<string, unknown>): boolean {
  return writes(command, '"isActive":false');
}

function mentions(value: unknown, key: string): boolean {
  return value !== undefined && JSON.stringify(value).includes(`"${key}"`);
}

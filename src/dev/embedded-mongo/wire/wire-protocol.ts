import { serialize } from 'bson';
import { CommandError } from '../errors.js';
import { decode, type Doc } from '../query/values.js';

const HEADER_BYTES = 16;
const MAX_MESSAGE_BYTES = 48_000_000;
const OP_REPLY = 1;
const OP_QUERY = 2004;
const OP_MSG = 2013;
const MORE_TO_COME = 2;

/** A command from a client. */
export interface CommandMessage {
  requestId: number;
  body: Doc;
  /** Whether the client waits for a reply. */
  wantsReply: boolean;
  /** Whether it is the first hello of a connection, an OP_QUERY, which is answered with OP_REPLY. */
  legacy: boolean;
}

/** Cuts a stream of bytes into messages. */
export class MessageReader {
  #chunks: Buffer[] = [];
  #size = 0;

  /** The messages that are complete with this chunk. Throws when the connection cannot go on. */
  *read(chunk: Buffer): Generator<CommandMessage> {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    for (let length = this.#nextLength(); this.#size >= length; length = this.#nextLength()) {
      const all = this.#joined();
      this.#chunks = [all.subarray(length)];
      this.#size -= length;
      yield parseMessage(all.subarray(0, length));
    }
  }

  /** The length of the message that comes next; Infinity while its header is not complete. */
  #nextLength(): number {
    if (this.#size < HEADER_BYTES) return Infinity;
    const [first] = this.#chunks;
    const header = first && first.length >= 4 ? first : this.#joined();
    const length = header.readInt32LE(0);
    if (length >= HEADER_BYTES && length <= MAX_MESSAGE_BYTES) return length;
    throw unsupported(`a message of ${length} bytes`);
  }

  #joined(): Buffer {
    const [first] = this.#chunks;
    const all = first && this.#chunks.length === 1 ? first : Buffer.concat(this.#chunks);
    this.#chunks = [all];
    return all;
  }
}

/** The bytes of the reply to a message. */
export function encodeReply(request: Pick<CommandMessage, 'requestId' | 'legacy'>, reply: Doc): Buffer {
  const body = serialize(reply);
  const prefix = Buffer.alloc(request.legacy ? HEADER_BYTES + 20 : HEADER_BYTES + 5);
  prefix.writeInt32LE(prefix.length + body.length, 0);
  prefix.writeInt32LE(request.requestId, 8);
  prefix.writeInt32LE(request.legacy ? OP_REPLY : OP_MSG, 12);
  if (request.legacy) prefix.writeInt32LE(1, HEADER_BYTES + 16);
  return Buffer.concat([prefix, body]);
}

function parseMessage(message: Buffer): CommandMessage {
  const requestId = message.readInt32LE(4);
  const opCode = message.readInt32LE(12);
  if (opCode === OP_MSG) return { requestId, legacy: false, ...parseMsg(message) };
  if (opCode === OP_QUERY) return { requestId, legacy: true, wantsReply: true, body: parseQuery(message) };
  throw unsupported(`opcode ${opCode}`);
}

/** The driver sends one section of kind 0: the command. */
function parseMsg(message: Buffer): { body: Doc; wantsReply: boolean } {
  const flags = message.readUInt32LE(HEADER_BYTES);
  const kind = message.readUInt8(HEADER_BYTES + 4);
  if (flags & ~MORE_TO_COME) throw unsupported(`a message with flags ${flags}`);
  if (kind !== 0) throw unsupported(`a section of kind ${kind}`);
  return { body: decode(message.subarray(HEADER_BYTES + 5)), wantsReply: flags === 0 };
}

function parseQuery(message: Buffer): Doc {
  const nameEnd = message.indexOf(0, HEADER_BYTES + 4);
  const name = message.toString('utf8', HEADER_BYTES + 4, nameEnd);
  const body = decode(message.subarray(nameEnd + 9));
  const [command = ''] = Object.keys(body);
  if (!name.endsWith('.$cmd') || !/^(hello|ismaster)$/.test(command))
    throw unsupported(`OP_QUERY ${command}`);
  return { ...body, $db: name.slice(0, -'.$cmd'.length) };
}

function unsupported(what: string): CommandError {
  return new CommandError('ProtocolError', `${what} is not supported`);
}

import { decode, encode } from '../bson/documents';
import { type Doc } from '../bson/values';

const HEADER_BYTES = 16;
const MAX_MESSAGE_BYTES = 48_000_000;
const OP_REPLY = 1;
const OP_QUERY = 2004;
const OP_MSG = 2013;
const CHECKSUM_PRESENT = 1;
const MORE_TO_COME = 2;
/** Of the first sixteen flags, those not known must be refused. */
const UNKNOWN_REQUIRED_FLAGS = 0xfffc;

/** A command as it came in. */
export interface CommandMessage {
  requestId: number;
  body: Doc;
  /** The client waits for a reply. */
  wantsReply: boolean;
  /** It came as OP_QUERY, which only a first hello may, and is answered with OP_REPLY. */
  legacy: boolean;
}

/** What a client sent is not the protocol; the connection cannot go on. */
class ProtocolError extends Error {}

/** Cuts a stream of bytes into messages. */
export class MessageReader {
  private chunks: Buffer[] = [];
  private size = 0;

  /** The messages that are complete with this chunk. Throws ProtocolError. */
  *read(chunk: Buffer): Generator<CommandMessage> {
    this.chunks.push(chunk);
    this.size += chunk.length;
    for (let length = this.nextLength(); this.size >= length; length = this.nextLength()) {
      const all = this.joined();
      this.chunks = [all.subarray(length)];
      this.size -= length;
      yield parseMessage(all.subarray(0, length));
    }
  }

  private nextLength(): number {
    if (this.size < HEADER_BYTES) return Infinity;
    const first = this.chunks[0] as Buffer;
    const length = (first.length >= 4 ? first : this.joined()).readInt32LE(0);
    if (length < HEADER_BYTES || length > MAX_MESSAGE_BYTES)
      throw new ProtocolError(`message of ${length} bytes`);
    return length;
  }

  private joined(): Buffer {
    const all = this.chunks.length === 1 ? (this.chunks[0] as Buffer) : Buffer.concat(this.chunks);
    this.chunks = [all];
    return all;
  }
}

/** The bytes of the reply to a message. */
export function encodeReply(request: CommandMessage, reply: Doc): Buffer {
  const body = encode(reply);
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
  try {
    if (opCode === OP_MSG) return { requestId, legacy: false, ...parseMsg(message) };
    if (opCode === OP_QUERY) return { requestId, legacy: true, wantsReply: true, body: parseQuery(message) };
  } catch (error) {
    throw new ProtocolError(`malformed message: ${String(error)}`);
  }
  throw new ProtocolError(`opcode ${opCode}`);
}

function parseMsg(message: Buffer): { body: Doc; wantsReply: boolean } {
  const flags = message.readUInt32LE(HEADER_BYTES);
  if (flags & UNKNOWN_REQUIRED_FLAGS) throw new ProtocolError(`unknown flags ${flags}`);
  const end = flags & CHECKSUM_PRESENT ? message.length - 4 : message.length;
  let body: Doc | undefined;
  const sequences: Doc = {};
  for (let at = HEADER_BYTES + 4; at < end;) {
    const kind = message.readUInt8(at);
    const section = sized(message, at + 1, end);
    at += 1 + section.length;
    if (kind === 0 && !body) body = decode(section);
    else if (kind === 1) Object.assign(sequences, parseSequence(section));
    else throw new ProtocolError(`section of kind ${kind}`);
  }
  if (!body) throw new ProtocolError('no body');
  return { body: { ...body, ...sequences }, wantsReply: !(flags & MORE_TO_COME) };
}

/** A kind 1 section: documents that stand for an array field of the body. */
function parseSequence(section: Buffer): Doc {
  const nameEnd = section.indexOf(0, 4);
  if (nameEnd < 0) throw new ProtocolError('unnamed sequence');
  const documents: Doc[] = [];
  for (let at = nameEnd + 1; at < section.length;) {
    const bson = sized(section, at, section.length);
    documents.push(decode(bson));
    at += bson.length;
  }
  return { [section.toString('utf8', 4, nameEnd)]: documents };
}

function parseQuery(message: Buffer): Doc {
  const nameEnd = message.indexOf(0, HEADER_BYTES + 4);
  const name = message.toString('utf8', HEADER_BYTES + 4, nameEnd);
  const body = decode(sized(message, nameEnd + 9, message.length));
  const [command = ''] = Object.keys(body);
  if (!name.endsWith('.$cmd') || !/^(hello|ismaster)$/i.test(command))
    throw new ProtocolError(`OP_QUERY ${command}`);
  return { ...body, $db: name.slice(0, -'.$cmd'.length) };
}

/** Bytes that begin with their own length and must end by `end`. */
function sized(bytes: Buffer, at: number, end: number): Buffer {
  const length = bytes.readInt32LE(at);
  if (length < 5 || at + length > end) throw new ProtocolError(`part of ${length} bytes`);
  return bytes.subarray(at, at + length);
}

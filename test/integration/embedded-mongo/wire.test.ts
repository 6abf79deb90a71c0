import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { deserialize, type Document, serialize } from 'bson';
import fc from 'fast-check';
import { startTestDatabase, type TestDatabase } from './support.js';

let database: TestDatabase;

beforeAll(async () => {
  database = await startTestDatabase();
});
afterAll(() => database.stop());

async function open(): Promise<Socket> {
  const socket = connect(decodeURIComponent(new URL(database.server.uri).host));
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

function message(opCode: number, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const header = Buffer.alloc(16);
  header.writeInt32LE(16 + body.length, 0);
  header.writeInt32LE(7, 4);
  header.writeInt32LE(opCode, 12);
  return Buffer.concat([header, body]);
}

function int32(...values: number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  values.forEach((value, i) => bytes.writeInt32LE(value, 4 * i));
  return bytes;
}

const bson = (document: Document): Buffer => Buffer.from(serialize(document));
const body = (document: Document): Buffer => Buffer.concat([Buffer.from([0]), bson(document)]);
const msg = (flags: number, ...sections: Buffer[]): Buffer => message(2013, int32(flags), ...sections);
const ping = msg(0, body({ ping: 1, $db: 'test' }));

async function replyTo(socket: Socket, ...chunks: Buffer[]): Promise<Document> {
  const answered = once(socket, 'data');
  for (const chunk of chunks) {
    socket.write(chunk);
    await sleep(2);
  }
  const [reply] = (await answered) as [Buffer];
  expect(reply.readInt32LE(8)).toBe(7);
  return deserialize(reply.subarray(reply.readInt32LE(12) === 1 ? 36 : 21));
}

test('a message may come byte by byte', async () => {
  const socket = await open();
  expect(await replyTo(socket, ...Array.from(ping, (byte) => Buffer.from([byte])))).toEqual({ ok: 1 });
  socket.destroy();
});

test('several messages may come in one chunk and are answered in order', async () => {
  const socket = await open();
  const hello = msg(0, body({ hello: 1, $db: 'admin' }));
  socket.write(Buffer.concat([ping, hello, ping]));
  let received = Buffer.alloc(0);
  const replies: Document[] = [];
  while (replies.length < 3) {
    received = Buffer.concat([received, ...((await once(socket, 'data')) as [Buffer])]);
    for (; received.length >= 4 && received.length >= received.readInt32LE(0);) {
      const length = received.readInt32LE(0);
      replies.push(deserialize(received.subarray(21, length)));
      received = received.subarray(length);
    }
  }
  expect(replies.map((reply) => 'maxWireVersion' in reply)).toEqual([false, true, false]);
  socket.destroy();
});

test('the first hello may come as OP_QUERY, nothing else may', async () => {
  const query = (document: Document): Buffer =>
    message(2004, int32(0), Buffer.from('admin.$cmd\0'), int32(0, -1), bson(document));
  const socket = await open();
  expect(await replyTo(socket, query({ ismaster: 1, helloOk: true }))).toMatchObject({
    helloOk: true,
    ok: 1,
  });
  socket.write(query({ ping: 1 }));
  socket.resume();
  await once(socket, 'close');
});

test('a message without a reply is executed and not answered', async () => {
  const socket = await open();
  const silent = msg(2, body({ insert: 'wire', documents: [{}], ordered: true, $db: 'test' }));
  const count = msg(0, body({ count: 'wire', $db: 'test' }));
  expect(await replyTo(socket, silent, count)).toEqual({ n: 1, ok: 1 });
  socket.destroy();
});

test('what the protocol offers beyond one plain section is refused by name', async () => {
  const socket = await open();
  socket.write(msg(0, Buffer.from([1]), bson({})));
  const [reply] = (await once(socket, 'data')) as [Buffer];
  expect(deserialize(reply.subarray(21))).toMatchObject({
    code: 17,
    errmsg: 'a section of kind 1 is not supported',
  });
  await once(socket, 'close');
});

test.each<[string, Buffer]>([
  ['a message longer than the limit', int32(48_000_001, 1, 0, 2013)],
  ['a negative length', int32(-1, 1, 0, 2013)],
  ['a length below the header', int32(15, 1, 0, 2013)],
  ['an unknown opcode', message(2012, int32(0))],
  ['unknown required flags', msg(4, body({ ping: 1 }))],
  ['a checksum', msg(1, body({ ping: 1 }), int32(0))],
  ['no body', msg(0)],
  ['two bodies', msg(0, body({ ping: 1 }), body({ ping: 1 }))],
  ['an unknown section', msg(0, Buffer.from([9]), bson({}))],
  ['a document longer than its message', msg(0, Buffer.from([0]), int32(100))],
  ['a document with a torn string', msg(0, Buffer.from([0, 13, 0, 0, 0, 2, 97, 0, 99, 0, 0, 0, 98, 0]))],
  ['text', Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')],
])('%s ends that connection and no other', async (_title, bytes) => {
  const socket = await open();
  socket.write(bytes);
  socket.resume();
  await once(socket, 'close');
  expect(await database.db.command({ ping: 1 })).toEqual({ ok: 1 });
});

test('a command that names no database is refused', async () => {
  const socket = await open();
  expect(await replyTo(socket, msg(0, body({ ping: 1 })))).toMatchObject({ ok: 0, code: 40414 });
  socket.destroy();
});

test('a message cut off in the middle is not executed', async () => {
  const socket = await open();
  const insert = msg(0, body({ insert: 'torn', documents: [{ _id: 1 }], ordered: true, $db: 'test' }));
  socket.end(insert.subarray(0, insert.length - 1));
  await once(socket, 'close');
  expect(await database.db.collection('torn').countDocuments()).toBe(0);
});

test('no bytes bring the server down', async () => {
  const flipped = fc.tuple(fc.nat(ping.length - 1), fc.nat(255)).map(([at, byte]) => {
    const bytes = Buffer.from(ping);
    bytes[at] = byte;
    return bytes;
  });
  const random = fc.uint8Array({ maxLength: 200 }).map((bytes) => msg(0, Buffer.from(bytes)));
  await fc.assert(
    fc.asyncProperty(fc.oneof(flipped, random), async (bytes) => {
      const socket = await open();
      socket.end(bytes);
      socket.resume();
      await once(socket, 'close');
      expect(await database.db.command({ ping: 1 })).toEqual({ ok: 1 });
    }),
    { numRuns: 150 },
  );
});

test('a command nested too deeply is an error, not the end', async () => {
  let filter: Document = { a: 1 };
  for (let i = 0; i < 2000; i++) filter = { $or: [filter] };
  await database.db
    .collection('deep')
    .find(filter)
    .toArray()
    .catch(() => undefined);
  expect(await database.db.command({ ping: 1 })).toEqual({ ok: 1 });
});

test('a client that never reads does not hold up the end of the server', async () => {
  const other = await startTestDatabase();
  await other
    .fresh()
    .db.collection('big')
    .insertOne({ bytes: Buffer.alloc(10_000_000) });
  const socket = connect(decodeURIComponent(new URL(other.server.uri).host));
  socket.on('error', () => undefined).pause();
  const find = msg(0, body({ find: 'big', $db: 'test' }));
  socket.write(Buffer.concat([find, find, find]));
  await sleep(100);
  await other.stop();
  socket.destroy();
});

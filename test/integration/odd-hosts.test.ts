import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { type Harness, startHarness } from '../support/harness.js';

const BODY = '{"query":"{ __typename }"}';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());

/** The answer to a request to /graphql with this first line and these headers, sent as bytes. */
async function answerTo(target: string, version: string, headers: string): Promise<string> {
  const { hostname, port } = new URL(harness.url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  const length = `content-type: application/json\r\ncontent-length: ${BODY.length}\r\n`;
  socket.end(`POST ${target} HTTP/${version}\r\nconnection: close\r\n${length}${headers}\r\n${BODY}`);
  return text(socket);
}

test.each([
  ['1.0', ''],
  ['1.1', 'host: \r\n'],
  ['1.1', 'host: [\r\n'],
  ['1.1', 'host: a b\r\n'],
  ['1.1', 'host: 999.1.1.1\r\n'],
])(
  'HTTP %s with the header %j is refused as the fault of the client, and logged as no error',
  async (version, headers) => {
    const answer = await answerTo('/graphql', version, headers);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).not.toContain('INTERNAL_SERVER_ERROR');
    expect(harness.log.lines.filter(({ level }) => level === 'error')).toEqual([]);
  },
);

test.each(['/graphql', 'http://other.example/graphql'])(
  'a request for %s with a host is served',
  async (target) => {
    const answer = await answerTo(target, '1.1', 'host: api.example.com\r\n');
    expect(answer).toContain('{"data":{"__typename":"Query"}}');
  },
);

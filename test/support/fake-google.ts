import { createPublicKey, generateKeyPairSync, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { jwtVerify } from 'jose';
import { type GoogleMeetConfig } from '../../src/config/fallbacks.js';
import { Secret } from '../../src/lib/secret.js';

const CLIENT_EMAIL = 'meetings@platform.iam.gserviceaccount.example';
const SUBJECT = 'host@platform.example.com';
const SCOPE = 'https://www.googleapis.com/auth/meetings.space.created';

/** Google's token endpoint and Meet API, as far as a service account that creates spaces sees them. */
export interface FakeGoogle {
  config: GoogleMeetConfig;
  /** Requests so far. */
  counts: { tokens: number; spaces: number };
  /** What the next requests are answered, in place of the real thing. */
  failures: { token: number[]; space: (number | 'reset')[] };
  /** Every access token issued so far is refused from now on. */
  expireTokens(): void;
  close(): Promise<void>;
}

/** Starts it on a loopback address. */
export async function startFakeGoogle(): Promise<FakeGoogle> {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
  const live = new Set<string>();
  const counts = { tokens: 0, spaces: 0 };
  const failures: FakeGoogle['failures'] = { token: [], space: [] };
  let url = '';
  const answerToken = async (request: IncomingMessage): Promise<[number, unknown]> => {
    counts.tokens++;
    const failure = failures.token.shift();
    if (failure !== undefined) return [failure, { error: 'invalid_grant' }];
    const form = new URLSearchParams(await bodyOf(request));
    if (form.get('grant_type') !== 'urn:ietf:params:oauth:grant-type:jwt-bearer')
      return [400, { error: 'unsupported_grant_type' }];
    const verified = await jwtVerify(form.get('assertion') ?? '', createPublicKey(pem), {
      issuer: CLIENT_EMAIL,
      subject: SUBJECT,
      audience: `${url}/token`,
      algorithms: ['RS256'],
      currentDate: new Date(),
    }).catch(() => undefined);
    if (verified?.payload['scope'] !== SCOPE) return [400, { error: 'invalid_grant' }];
    const token = `ya29.${randomUUID()}`;
    live.add(token);
    return [200, { access_token: token, expires_in: 3599, token_type: 'Bearer' }];
  };
  const answerSpace = (request: IncomingMessage): [number, unknown] | 'reset' => {
    counts.spaces++;
    const failure = failures.space.shift();
    if (failure === 'reset') return failure;
    if (failure !== undefined) return [failure, { error: { code: failure } }];
    if (!live.has(request.headers.authorization?.replace('Bearer ', '') ?? '')) return [401, {}];
    const id = randomUUID().replaceAll('-', '').slice(0, 12);
    return [200, { name: `spaces/${id}`, meetingUri: 'https://meet.google.com/abc-mnop-xyz', config: {} }];
  };
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const result = request.url === '/token' ? await answerToken(request) : answerSpace(request);
    if (result === 'reset') return request.socket.destroy();
    return response
      .writeHead(result[0], { 'content-type': 'application/json' })
      .end(JSON.stringify(result[1]));
  };
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    config: {
      clientEmail: CLIENT_EMAIL,
      privateKey: new Secret(pem),
      subject: SUBJECT,
      tokenUrl: `${url}/token`,
      apiUrl: url,
    },
    counts,
    failures,
    expireTokens: () => {
      live.clear();
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

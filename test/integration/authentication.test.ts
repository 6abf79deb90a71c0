import { exportJWK, exportSPKI, generateKeyPair, SignJWT } from 'jose';
import {
  type Harness,
  JWT_AUDIENCE,
  JWT_ISSUER,
  JWT_SECRET,
  someUser,
  startHarness,
} from '../support/harness.js';
import { Secret } from '../../src/lib/secret.js';
import { type JwksServer, startJwksServer } from '../support/jwks-server.js';

type Key = Parameters<SignJWT['sign']>[0];

const WHO = '{ zoomConnection { userId } }';
const seconds = () => Math.floor(Date.now() / 1000);

/** A token with everything right but what is changed; a claim set to undefined is left out. */
function sign(
  claims: Record<string, unknown> = {},
  {
    alg = 'HS256',
    kid,
    typ,
    key = Buffer.from(JWT_SECRET),
  }: { alg?: string; kid?: string; typ?: string; key?: Key } = {},
): Promise<string> {
  const payload = { sub: 'user-1', iss: JWT_ISSUER, aud: JWT_AUDIENCE, exp: seconds() + 600, ...claims };
  return new SignJWT(payload).setProtectedHeader({ alg, ...(kid && { kid }), ...(typ && { typ }) }).sign(key);
}

/** A token that claims to need no signature. */
const unsigned = (alg: string, sub = 'user-1') =>
  [{ alg }, { sub, iss: JWT_ISSUER, aud: JWT_AUDIENCE, exp: seconds() + 600 }]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');

/** What `/graphql` answers to a header: the user's id, or the error. */
async function ask({ url }: Harness, authorization: string | undefined, query = WHO) {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(authorization !== undefined && { authorization }) },
    body: JSON.stringify({ query }),
  });
  const { data, errors } = (await response.json()) as {
    data?: { zoomConnection?: { userId: string } } | null;
    errors?: { message: string; extensions: Record<string, unknown> & { code: string } }[];
  };
  return { userId: data?.zoomConnection?.userId, error: errors?.[0], code: errors?.[0]?.extensions.code };
}

describe('with the secret of the platform', () => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await startHarness();
  });
  afterAll(() => harness.close());

  test.each(['Bearer', 'bearer', 'BEARER'])('a valid token after %s is the caller', async (scheme) => {
    const userId = someUser();
    expect(await ask(harness, `${scheme} ${await sign({ sub: userId })}`)).toEqual({ userId });
  });

  test.each<[string, () => string | undefined | Promise<string>]>([
    ['no header', () => undefined],
    ['an empty header', () => ''],
    ['another scheme', async () => `Basic ${await sign()}`],
    ['no token', () => 'Bearer '],
    ['something else', () => 'Bearer token'],
    ['two tokens', async () => `Bearer ${await sign()} ${await sign()}`],
    ['a token without a signature', () => `Bearer ${unsigned('none')}.`],
    ['a token of alg none with some signature', () => `Bearer ${unsigned('none')}.c2ln`],
    ['a token of alg HS256 without a signature', () => `Bearer ${unsigned('HS256')}.`],
    [
      'a wrong secret',
      async () => `Bearer ${await sign({}, { key: Buffer.from('another secret of 32 bytes or so') })}`,
    ],
    ['another algorithm of the same secret', async () => `Bearer ${await sign({}, { alg: 'HS512' })}`],
    [
      'a changed payload',
      async () =>
        `Bearer ${(await sign()).replace(/\.[^.]+\./, `.${unsigned('HS256', 'user-2').split('.')[1]}.`)}`,
    ],
    ['an expired token', async () => `Bearer ${await sign({ exp: seconds() - 60 })}`],
    ['a token of the future', async () => `Bearer ${await sign({ nbf: seconds() + 600 })}`],
    ['no expiry', async () => `Bearer ${await sign({ exp: undefined })}`],
    ['no subject', async () => `Bearer ${await sign({ sub: undefined })}`],
    ['an empty subject', async () => `Bearer ${await sign({ sub: '' })}`],
    ['an endless subject', async () => `Bearer ${await sign({ sub: 'u'.repeat(257) })}`],
    ['a subject that is a number', async () => `Bearer ${await sign({ sub: 7 })}`],
    ['another issuer', async () => `Bearer ${await sign({ iss: 'https://evil.example' })}`],
    ['no issuer', async () => `Bearer ${await sign({ iss: undefined })}`],
    ['another audience', async () => `Bearer ${await sign({ aud: 'another-service' })}`],
    ['no audience', async () => `Bearer ${await sign({ aud: undefined })}`],
    ['a subject that is not well-formed', async () => `Bearer ${await sign({ sub: 'x\ud800' })}`],
    ['a token that is issued in the future', async () => `Bearer ${await sign({ iat: seconds() + 600 })}`],
    ['a logout token', async () => `Bearer ${await sign({}, { typ: 'logout+jwt' })}`],
    ['a security event token', async () => `Bearer ${await sign({}, { typ: 'secevent+jwt' })}`],
    ['a proof of possession', async () => `Bearer ${await sign({}, { typ: 'dpop+jwt' })}`],
    ['a role that is no text', async () => `Bearer ${await sign({ role: { admin: true } })}`],
  ])('%s is UNAUTHENTICATED', async (_what, authorization) => {
    const { userId, error } = await ask(harness, await authorization());
    expect(userId).toBeUndefined();
    expect(error?.extensions).toEqual({ code: 'UNAUTHENTICATED' });
  });

  test('an expired token is told so, for the client to fetch another', async () => {
    const { error } = await ask(harness, `Bearer ${await sign({ exp: seconds() - 60 })}`);
    expect(error?.message).toBe('The bearer token has expired.');
  });

  test.each([
    '{ zoomConnection { status } }',
    '{ zoomProfile { id } }',
    '{ zoomMeetings { totalCount } }',
    'mutation { startZoomAuthorization { authorizationUrl } }',
    'mutation { refreshZoomToken { connection { status } } }',
    'mutation { revokeZoom { revokedAtZoom } }',
  ])('%s is for callers only', async (operation) => {
    expect((await ask(harness, undefined, operation)).code).toBe('UNAUTHENTICATED');
  });

  test('the schema itself may be read by anyone', async () => {
    expect((await ask(harness, undefined, '{ __schema { queryType { name } } }')).error).toBeUndefined();
  });

  test.each<[object, string | undefined]>([
    [{}, 'FORBIDDEN'],
    [{ role: 'user' }, 'FORBIDDEN'],
    [{ role: null }, 'FORBIDDEN'],
    [{ role: null, roles: null }, 'FORBIDDEN'],
    [{ role: null, roles: ['admin'] }, undefined],
    [{ role: 'superuser' }, 'FORBIDDEN'],
    [{ roles: [] }, 'FORBIDDEN'],
    [{ role: 'service' }, undefined],
    [{ role: 'admin' }, undefined],
    [{ roles: ['user', 'service'] }, undefined],
    [{ role: ['admin'] }, undefined],
  ])('who may act for another user: %j gives %p', async (claims, expected) => {
    const token = await sign({ sub: 'backend', ...claims });
    const { code, userId, error } = await ask(
      harness,
      `Bearer ${token}`,
      '{ zoomConnection(onBehalfOf: "user-2") { userId } }',
    );
    expect(code).toBe(expected);
    if (expected) expect(error?.extensions['argument']).toBe('onBehalfOf');
    else expect(userId).toBe('user-2');
  });

  test.each(['JWT', 'at+jwt', 'application/at+jwt'])('a token of the type %s is the caller', async (typ) => {
    expect(await ask(harness, `Bearer ${await sign({}, { typ })}`)).toEqual({ userId: 'user-1' });
  });

  test('a token that expires in the year 9999 is the caller: the platform decides on lifetimes', async () => {
    expect(await ask(harness, `Bearer ${await sign({ exp: 253_402_300_799 })}`)).toEqual({
      userId: 'user-1',
    });
  });

  test('a service that names no user id in onBehalfOf is told so', async () => {
    const token = await sign({ sub: 'backend', role: 'service' });
    for (const query of [
      '{ zoomConnection(onBehalfOf: "") { userId } }',
      'mutation { createZoomMeeting(onBehalfOf: "", input: { topic: "x", startTime: "2030-01-01T00:00:00Z" }) { hostedBy } }',
    ]) {
      const { error } = await ask(harness, `Bearer ${token}`, query);
      expect(error?.extensions).toEqual({ code: 'BAD_USER_INPUT', argument: 'onBehalfOf' });
    }
  });

  test('a wrong audience is seen in the log and in the metrics, without the token or its claims', async () => {
    const count = async () => {
      const metrics = await (await fetch(`${harness.url}/metrics`)).text();
      return Number(/^zoom_platform_tokens_refused_total{reason="audience"} (\d+)$/m.exec(metrics)?.[1]);
    };
    harness.clock.advance(60_000);
    const [before, logged] = [await count(), harness.log.lines.length];
    const token = await sign({ aud: 'the-other-service', exp: seconds() + 6000 });
    for (let caller = 0; caller < 3; caller++) await ask(harness, `Bearer ${token}`);
    expect(await count()).toBe(before + 3);
    const lines = harness.log.lines.slice(logged).filter(({ msg }) => msg === 'platform token refused');
    expect(lines).toMatchObject([{ level: 'warn', reason: 'audience' }]);
    expect(harness.log.text()).not.toContain('the-other-service');
  });

  test('a request without a token is no refused token', async () => {
    const logged = harness.log.lines.length;
    await ask(harness, undefined);
    expect(harness.log.lines.slice(logged).filter(({ msg }) => msg === 'platform token refused')).toEqual([]);
  });

  test('no token is in the log', async () => {
    const token = await sign({ exp: seconds() - 60 });
    await ask(harness, `Bearer ${token}`);
    expect(harness.log.text()).not.toContain(token.split('.')[2]);
  });
});

describe.each(['RS256', 'ES256', 'EdDSA'])('with a public key, %s', (alg) => {
  let harness: Harness;
  let key: Key;
  let pem: string;
  beforeAll(async () => {
    const pair = await generateKeyPair(alg, { extractable: true });
    [key, pem] = [pair.privateKey, await exportSPKI(pair.publicKey)];
    harness = await startHarness({
      config: {
        authentication: {
          sources: [{ kind: 'publicKey', pem }],
          issuer: JWT_ISSUER,
          audience: JWT_AUDIENCE,
        },
      },
    });
  });
  afterAll(() => harness.close());

  test('a token of the private key is the caller', async () => {
    expect(await ask(harness, `Bearer ${await sign({}, { alg, key })}`)).toEqual({ userId: 'user-1' });
  });

  test('a token of another private key is UNAUTHENTICATED', async () => {
    const other = (await generateKeyPair(alg)).privateKey;
    expect((await ask(harness, `Bearer ${await sign({}, { alg, key: other })}`)).code).toBe(
      'UNAUTHENTICATED',
    );
  });

  test('a token that takes the public key for a shared secret is UNAUTHENTICATED', async () => {
    expect((await ask(harness, `Bearer ${await sign({}, { key: Buffer.from(pem) })}`)).code).toBe(
      'UNAUTHENTICATED',
    );
  });

  test('a token of another kind of key is UNAUTHENTICATED', async () => {
    const otherAlg = alg === 'ES256' ? 'RS256' : 'ES256';
    const other = (await generateKeyPair(otherAlg)).privateKey;
    expect((await ask(harness, `Bearer ${await sign({}, { alg: otherAlg, key: other })}`)).code).toBe(
      'UNAUTHENTICATED',
    );
  });
});

describe('with published keys', () => {
  let jwks: JwksServer;
  let harness: Harness;
  let key: Key;
  beforeAll(async () => {
    const pair = await generateKeyPair('ES256', { extractable: true });
    key = pair.privateKey;
    jwks = await startJwksServer([{ ...(await exportJWK(pair.publicKey)), kid: 'k1', alg: 'ES256' }]);
    harness = await startHarness({
      config: {
        authentication: {
          sources: [{ kind: 'jwks', url: jwks.url }],
          issuer: JWT_ISSUER,
          audience: JWT_AUDIENCE,
        },
      },
    });
  });
  afterAll(async () => {
    await harness.close();
    await jwks.close();
  });

  test('known keys are used while they cannot be read; a token of an unknown key is not called wrong', async () => {
    const published = jwks.keys;
    jwks.keys = undefined;
    harness.clock.advance(60_000);
    const known = await sign({}, { alg: 'ES256', kid: 'k1', key });
    expect(await ask(harness, `Bearer ${known}`)).toEqual({ userId: 'user-1' });
    const unknown = await sign({}, { alg: 'ES256', kid: 'k2', key });
    const { error } = await ask(harness, `Bearer ${unknown}`);
    expect(error?.extensions).toEqual({
      code: 'AUTHENTICATION_UNAVAILABLE',
      retryAt: expect.stringMatching(/^\d{4}-.*Z$/) as string,
    });
    expect(harness.log.lines.filter(({ level }) => level === 'error')).toMatchObject([
      { msg: expect.stringContaining('the keys at AUTH_JWKS_URL cannot be read') as string },
    ]);
    jwks.keys = published;
    harness.clock.advance(60_000);
    await ask(harness, `Bearer ${known}`);
  });

  test('a token of a published key is the caller; the keys are read at most once', async () => {
    harness.clock.advance(60_000);
    jwks.reads = 0;
    const token = await sign({}, { alg: 'ES256', kid: 'k1', key });
    for (let round = 0; round < 3; round++)
      expect(await ask(harness, `Bearer ${token}`)).toEqual({ userId: 'user-1' });
    expect(jwks.reads).toBeLessThanOrEqual(1);
  });

  test('a token of an unknown key is UNAUTHENTICATED, and many of them do not flood the platform', async () => {
    jwks.reads = 0;
    const other = (await generateKeyPair('ES256')).privateKey;
    for (let round = 0; round < 5; round++) {
      const token = await sign({}, { alg: 'ES256', kid: `unknown-${round}`, key: other });
      expect((await ask(harness, `Bearer ${token}`)).code).toBe('UNAUTHENTICATED');
    }
    expect(jwks.reads).toBeLessThanOrEqual(1);
  });

  test('a token that borrows the id of a published key is UNAUTHENTICATED', async () => {
    const other = (await generateKeyPair('ES256')).privateKey;
    expect(
      (await ask(harness, `Bearer ${await sign({}, { alg: 'ES256', kid: 'k1', key: other })}`)).code,
    ).toBe('UNAUTHENTICATED');
  });

  test('a symmetric token is UNAUTHENTICATED', async () => {
    expect((await ask(harness, `Bearer ${await sign({}, { kid: 'k1' })}`)).code).toBe('UNAUTHENTICATED');
  });
});

test('while the platform changes over, tokens of all its keys are valid', async () => {
  const pair = await generateKeyPair('RS256', { extractable: true });
  const [last, next] = [
    'the last secret of the platform, 32 bytes',
    'the next secret of the platform, 32 bytes',
  ];
  const harness = await startHarness({
    config: {
      authentication: {
        sources: [
          { kind: 'publicKey', pem: await exportSPKI(pair.publicKey) },
          { kind: 'secret', secret: new Secret(last) },
          { kind: 'secret', secret: new Secret(next) },
        ],
        issuer: JWT_ISSUER,
        audience: JWT_AUDIENCE,
        type: 'platform+jwt',
      },
    },
  });
  const typ = 'platform+jwt';
  const answer = async (options: Parameters<typeof sign>[1]) =>
    ask(harness, `Bearer ${await sign({}, { typ, ...options })}`);
  expect(await answer({ alg: 'RS256', key: pair.privateKey })).toEqual({ userId: 'user-1' });
  expect(await answer({ key: Buffer.from(last) })).toEqual({ userId: 'user-1' });
  expect(await answer({ key: Buffer.from(next) })).toEqual({ userId: 'user-1' });
  expect((await answer({})).code).toBe('UNAUTHENTICATED');
  expect((await answer({ key: Buffer.from(next), typ: 'JWT' })).code).toBe('UNAUTHENTICATED');
  await harness.close();
});

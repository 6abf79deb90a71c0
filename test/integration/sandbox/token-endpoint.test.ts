import { createHash } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import {
  SANDBOX_CLIENT_ID,
  SANDBOX_CLIENT_SECRET,
  startSandbox,
  type Sandbox,
} from '../../../src/dev/sandbox/sandbox.js';
import { basic, exchange, obtainCode, post, read, REDIRECT_URI, token } from './client.js';

const INVALID_TOKEN = { reason: 'Invalid Token!', error: 'invalid_grant' };
const INVALID_CODE = { reason: 'Invalid authorization code', error: 'invalid_grant' };

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ app: { redirectUris: [REDIRECT_URI] } });
});
beforeEach(() => sandbox.control.reset());
afterAll(() => sandbox.close());

describe('the success answer', () => {
  it('has the body and the token shape of Zoom', async () => {
    const { status, json, headers } = await exchange(sandbox, await obtainCode(sandbox));
    expect(status).toBe(200);
    expect(json).toEqual({
      access_token: expect.any(String),
      token_type: 'bearer',
      refresh_token: expect.any(String),
      expires_in: 3599,
      scope: expect.stringMatching(/^user:read:user user:read:settings meeting:/),
      api_url: sandbox.url,
    });
    expect(headers.get('x-zoom-sandbox')).toBe('1');
    expect(headers.get('x-zm-trackingid')).toMatch(/^v=2\.0;/);
    expect(decodeProtectedHeader(json.access_token)).toMatchObject({ alg: 'HS512', v: '2.0' });
    const { uid, ...claims } = decodeJwt(json.access_token);
    expect(claims).toMatchObject({
      iss: `zm:cid:${SANDBOX_CLIENT_ID}`,
      type: 0,
      aud: 'https://oauth.zoom.us',
    });
    expect(decodeJwt(json.refresh_token)).toMatchObject({ type: 1, uid });
  });

  it('leaves out api_url if omitApiUrl is on', async () => {
    sandbox.control.configure({ omitApiUrl: true });
    const { json } = await exchange(sandbox, await obtainCode(sandbox));
    expect(json).not.toHaveProperty('api_url');
  });

  it('takes parameters from the query and credentials from the body', async () => {
    const code = await obtainCode(sandbox);
    const query = new URLSearchParams({ grant_type: 'authorization_code', code, redirect_uri: REDIRECT_URI });
    const credentials = { client_id: SANDBOX_CLIENT_ID, client_secret: SANDBOX_CLIENT_SECRET };
    expect((await post(`${sandbox.url}/oauth/token?${query.toString()}`, credentials)).status).toBe(200);
  });
});

describe('authorization codes', () => {
  it('can be used once', async () => {
    const code = await obtainCode(sandbox);
    await exchange(sandbox, code);
    expect(await exchange(sandbox, code)).toMatchObject({ status: 400, json: INVALID_CODE });
  });

  it('expire after five minutes', async () => {
    const [early, late] = [await obtainCode(sandbox), await obtainCode(sandbox)];
    await sandbox.control.advanceClock(4 * 60_000);
    expect((await exchange(sandbox, early)).status).toBe(200);
    await sandbox.control.advanceClock(60_000);
    expect(await exchange(sandbox, late)).toMatchObject({ status: 400, json: INVALID_CODE });
  });

  it('are bound to the redirect URI of the authorization request', async () => {
    const answer = await exchange(sandbox, await obtainCode(sandbox), {
      redirect_uri: 'http://127.0.0.1:5001/other',
    });
    expect(answer).toMatchObject({
      status: 400,
      json: { reason: 'Redirect URI mismatch.', error: 'invalid_request' },
    });
  });

  it.each([
    ['S256', createHash('sha256').update('v'.repeat(43)).digest('base64url'), 'v'.repeat(43), 200],
    ['S256', createHash('sha256').update('v'.repeat(43)).digest('base64url'), 'w'.repeat(43), 400],
    [undefined, 'v'.repeat(43), 'v'.repeat(43), 200],
    [undefined, 'v'.repeat(43), undefined, 400],
    ['plain', 'v'.repeat(43), 'w'.repeat(43), 400],
  ])('with a %s challenge need its verifier', async (method, challenge, verifier, status) => {
    const code = await obtainCode(sandbox, {
      code_challenge: challenge,
      ...(method ? { code_challenge_method: method } : {}),
    });
    const answer = await exchange(sandbox, code, verifier ? { code_verifier: verifier } : {});
    expect(answer.status).toBe(status);
    if (status === 400) expect(answer.json.error).toBe('invalid_grant');
  });
});

it.each([
  [true, 200],
  [false, 400],
])('a code after a wrong verifier, with codeSurvivesWrongVerifier %s, gets %i', async (setting, status) => {
  sandbox.control.configure({ codeSurvivesWrongVerifier: setting });
  const code = await obtainCode(sandbox, { code_challenge: 'v'.repeat(43) });
  expect((await exchange(sandbox, code, { code_verifier: 'w'.repeat(43) })).status).toBe(400);
  expect((await exchange(sandbox, code, { code_verifier: 'v'.repeat(43) })).status).toBe(status);
});

describe('refused requests', () => {
  const wrong = { reason: 'Invalid client_id or client_secret', error: 'invalid_client' };

  it.each([
    ['a wrong secret', basic(SANDBOX_CLIENT_ID, 'wrong'), wrong],
    ['an unknown client', basic('unknown'), wrong],
    ['a secret with stray whitespace', basic(SANDBOX_CLIENT_ID, `${SANDBOX_CLIENT_SECRET}\n`), wrong],
    ['no credentials', {}, { reason: 'Client ID or client secret is missing.', error: 'invalid_client' }],
  ])('%s gets 400', async (_what, headers, body) => {
    const answer = await token(sandbox, { grant_type: 'refresh_token', refresh_token: 'x' }, headers);
    expect(answer).toMatchObject({ status: 400, json: body });
  });

  it('a form-encoded secret is decoded', async () => {
    sandbox.control.updateApp({ clientSecret: 'a+b %:ü&c' });
    const encoded = new URLSearchParams({ v: 'a+b %:ü&c' }).toString().slice(2);
    const answer = await token(
      sandbox,
      { grant_type: 'refresh_token', refresh_token: 'x' },
      basic(SANDBOX_CLIENT_ID, encoded),
    );
    expect(answer.json).toEqual(INVALID_TOKEN);
  });

  it.each([
    [{}, { reason: 'Missing grant type.', error: 'invalid_request' }],
    [{ grant_type: 'password' }, { reason: 'unsupported grant type', error: 'unsupported_grant_type' }],
    [{ grant_type: 'authorization_code', code: 'nonsense' }, INVALID_CODE],
    [{ grant_type: 'refresh_token' }, INVALID_TOKEN],
    [{ grant_type: 'refresh_token', refresh_token: 'a.b.c' }, INVALID_TOKEN],
  ])('%j gets 400', async (form, body) => {
    expect(await token(sandbox, form as Record<string, string>)).toMatchObject({ status: 400, json: body });
  });

  it.each([
    ['application/json', '{"grant_type":"refresh_token"}', 'Missing grant type.'],
    ['application/json', '{', 'Bad request'],
    ['text/plain', 'grant_type=refresh_token', 'Bad request'],
  ])('a body of type %s gets 400', async (type, body, reason) => {
    const headers = { 'content-type': type, ...basic() };
    const answer = await read(await fetch(`${sandbox.url}/oauth/token`, { method: 'POST', body, headers }));
    expect(answer).toMatchObject({ status: 400, json: { reason, error: 'invalid_request' } });
  });

  it('GET gets 405', async () => {
    const answer = await read(await fetch(`${sandbox.url}/oauth/token?grant_type=refresh_token`));
    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toBe('POST');
  });
});

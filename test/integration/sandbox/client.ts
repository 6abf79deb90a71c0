import { type Sandbox } from '../../../src/dev/sandbox/sandbox.js';
import { SANDBOX_CLIENT_ID, SANDBOX_CLIENT_SECRET, startSandbox } from '../../../src/dev/sandbox/sandbox.js';

export const REDIRECT_URI = 'http://127.0.0.1:5001/callback?from=zoom';

/** The body of a JSON answer, of any shape. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Json = any;

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  json: Json;
}

/** Reads an answer. `json` is undefined if the body is not JSON. */
export async function read(response: Response): Promise<Answer> {
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') && text !== '';
  return {
    status: response.status,
    headers: response.headers,
    text,
    json: isJson ? JSON.parse(text) : undefined,
  };
}

export async function post(url: string, form: Record<string, string> | [string, string][], headers = {}) {
  const body = new URLSearchParams(form);
  return read(await fetch(url, { method: 'POST', body, headers, redirect: 'manual' }));
}

/** HTTP Basic credentials of the default app. */
export function basic(id = SANDBOX_CLIENT_ID, secret = SANDBOX_CLIENT_SECRET) {
  return { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` };
}

export function authorizeUrl(sandbox: Sandbox, parameters: Record<string, string> = {}): string {
  const query = {
    response_type: 'code',
    client_id: SANDBOX_CLIENT_ID,
    redirect_uri: REDIRECT_URI,
    ...parameters,
  };
  return `${sandbox.url}/oauth/authorize?${new URLSearchParams(query).toString()}`;
}

/** Opens the consent page and sends its form. Returns the address to which the browser is redirected. */
export async function decide(
  sandbox: Sandbox,
  fields: Record<string, string> | [string, string][],
  parameters: Record<string, string> = {},
): Promise<URL> {
  const page = await (await fetch(authorizeUrl(sandbox, parameters))).text();
  const request = /name="request" value="([^"]+)"/.exec(page)?.[1] ?? '';
  const user = /name="user" value="([^"]+)" checked/.exec(page)?.[1] ?? '';
  const form = new URLSearchParams(fields);
  if (!form.has('user')) form.set('user', user);
  form.set('request', request);
  const answer = await post(`${sandbox.url}/oauth/authorize/decision`, [...form]);
  return new URL(answer.headers.get('location') ?? 'about:blank');
}

export async function obtainCode(sandbox: Sandbox, parameters: Record<string, string> = {}, user?: string) {
  const location = await decide(sandbox, { decision: 'allow', ...(user ? { user } : {}) }, parameters);
  return location.searchParams.get('code') ?? '';
}

/** Calls the token endpoint as the default app. */
export async function token(sandbox: Sandbox, form: Record<string, string>, headers: object = basic()) {
  return post(`${sandbox.url}/oauth/token`, form, headers);
}

export async function exchange(sandbox: Sandbox, code: string, extra: Record<string, string> = {}) {
  return token(sandbox, { grant_type: 'authorization_code', code, redirect_uri: REDIRECT_URI, ...extra });
}

export async function refresh(sandbox: Sandbox, refreshToken: string) {
  return token(sandbox, { grant_type: 'refresh_token', refresh_token: refreshToken });
}

/** The first tokens of a user: allows and exchanges the code. */
export async function connect(sandbox: Sandbox, user?: string): Promise<{ access: string; refresh: string }> {
  const { json } = await exchange(sandbox, await obtainCode(sandbox, {}, user));
  return { access: json.access_token, refresh: json.refresh_token };
}

export async function api(sandbox: Sandbox, path: string, accessToken?: string, init: RequestInit = {}) {
  const headers = new Headers(init.headers);
  if (accessToken) headers.set('authorization', `Bearer ${accessToken}`);
  return read(await fetch(`${sandbox.url}${path}`, { redirect: 'manual', ...init, headers }));
}

/** Calls the API with a JSON body. */
export async function send(
  sandbox: Sandbox,
  method: string,
  path: string,
  accessToken: string,
  body: unknown,
) {
  const headers = { 'content-type': 'application/json' };
  return api(sandbox, path, accessToken, { method, headers, body: JSON.stringify(body) });
}

/** Creates a meeting of the user of a token. */
export async function create(sandbox: Sandbox, accessToken: string, body: object = { topic: 'Talk' }) {
  return send(sandbox, 'POST', '/v2/users/me/meetings', accessToken, body);
}

/**
 * One sandbox for all tests of a file, at noon on 1 March 2026. Before each test it is as new, with a user who has just
 * connected: `onReady` gets both.
 */
export function shareSandbox(onReady: (shared: { sandbox: Sandbox; access: string }) => void): void {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await startSandbox({
      app: { redirectUris: [REDIRECT_URI] },
      clock: () => new Date('2026-03-01T12:00:00Z'),
    });
  });
  beforeEach(async () => {
    sandbox.control.reset();
    const { access } = await connect(sandbox);
    onReady({ sandbox, access });
  });
  afterAll(() => sandbox.close());
}

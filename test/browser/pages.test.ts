import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fastify, type FastifyInstance } from 'fastify';
import { request } from 'undici';
import { type PagesDependencies, registerPages } from '../../src/http/pages.js';

const ORIGIN = 'http://localhost:5001';
const webDir = join(import.meta.dirname, '../../dist/web');
const issueToken = (userId: string) => Promise.resolve(`token of ${userId}`);

let app: FastifyInstance;
let url: string;
const withPages = async (dependencies: Partial<PagesDependencies> = {}) => {
  app = fastify();
  await registerPages(app, { webDir, origin: ORIGIN, ...dependencies });
  url = await app.listen({ host: '127.0.0.1', port: 0 });
};
afterEach(() => app.close());

/** Asks under a name that the server has for others. */
const get = async (path: string, host = 'localhost:5001') => {
  const { statusCode, headers, body } = await request(`${url}${path}`, { headers: { host } });
  return { statusCode, headers, body: await body.text() };
};
const post = async (payload: object) => {
  const { statusCode, body } = await request(`${url}/development/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(payload),
  });
  return { statusCode, body: await body.json() };
};

test.each(['/', '/graphiql'])('%s runs no inline script and loads from nowhere else', async (path) => {
  await withPages();
  const { headers, body } = await get(path);
  const policy = String(headers['content-security-policy']);
  expect(policy).toContain("default-src 'none'; script-src 'self';");
  expect(policy).not.toMatch(/script-src[^;]*unsafe|https?:|upgrade-insecure-requests/);
  expect(body).not.toMatch(/<script(?![^>]* src="\/pages\/)|<style|https?:\/\//);
});

test('a page links only to files that are there', async () => {
  await withPages();
  const { body } = await get('/graphiql');
  const links = [...body.matchAll(/(?:src|href)="(\/pages\/[^"]+)"/g)].map(([, link]) => link!);
  expect(links.length).toBeGreaterThan(1);
  for (const link of links) expect((await get(link)).statusCode).toBe(200);
});

test('the development issuer signs for any user name, and for nothing else', async () => {
  await withPages({ issueToken });
  expect((await post({ userId: 'somebody' })).body).toEqual({ token: 'token of somebody' });
  for (const payload of [{}, { userId: '' }, { userId: 'x'.repeat(257) }, { userId: ['a', 'b'] }])
    expect((await post(payload)).statusCode).toBe(400);
});

test('without the development issuer there is no route that signs tokens, and the page knows', async () => {
  await withPages();
  expect((await post({ userId: 'somebody' })).statusCode).toBe(404);
  expect((await get('/')).body).toContain('data-development-issuer="false"');
});

test('another loopback name is sent to the one that the redirect URI names; any other host is not', async () => {
  await withPages();
  const at = (host: string) => get('/?zoom=connected', host);
  expect((await at('127.0.0.1:5001')).headers['location']).toBe(`${ORIGIN}/?zoom=connected`);
  for (const host of ['localhost:5001', '127.0.0.1:8080', 'example.com', ':']) {
    const { statusCode, headers } = await at(host);
    expect([statusCode, headers['location']]).toEqual([200, undefined]);
  }
});

test('pages that are not built say how to build them', async () => {
  const empty = mkdtempSync(join(tmpdir(), 'zoom-grant-no-pages-'));
  await withPages({ webDir: empty });
  const { statusCode, body } = await get('/');
  expect([statusCode, body]).toEqual([503, 'The pages are not built: run "npm ci && npm run build".\n']);
  rmSync(empty, { recursive: true });
});

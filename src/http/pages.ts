import fastifyStatic from '@fastify/static';
import { type FastifyInstance, type FastifyReply } from 'fastify';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface PagesDependencies {
  /** Folder of the built pages. */
  webDir: string;
  /** The origin of the redirect URI. The browser sends the cookie that the callback demands only there. */
  origin: string;
  /** Base URL of the sandbox, if it is in use. */
  sandboxUrl?: string | undefined;
  /** Signs a token of the development issuer, if it is in use. */
  issueToken?: ((userId: string) => Promise<string>) | undefined;
}

const SELF_ONLY = {
  'default-src': "'none'",
  'script-src': "'self'",
  'style-src': "'self'",
  'img-src': "'self'",
  'connect-src': "'self'",
  'base-uri': "'none'",
  'form-action': "'none'",
  'frame-ancestors': "'none'",
};
const DEMO_POLICY = policy(SELF_ONLY);
/** The editor uses inline styles to measure text, an icon font and web workers. */
const GRAPHIQL_POLICY = policy({
  ...SELF_ONLY,
  'style-src': "'self' 'unsafe-inline'",
  'img-src': "'self' data:",
  'font-src': "'self' data:",
  'worker-src': "'self' blob:",
});

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);
const NOT_BUILT = 'The pages are not built: run "npm ci && npm run build".\n';

/** Serves the demo page at `/` and GraphiQL at `/graphiql`. All their files are ours, under `/pages/`. */
export async function registerPages(app: FastifyInstance, dependencies: PagesDependencies): Promise<void> {
  const { webDir, origin, issueToken } = dependencies;
  if (issueToken) registerTokenRoute(app, issueToken);
  const page = (path: string, file: string, contentSecurityPolicy: string) => {
    const html = readPage(join(webDir, file), dependencies);
    app.get(path, (request, reply) => {
      if (isLoopbackAlias(request.host, origin)) return reply.redirect(`${origin}${request.url}`);
      return sendPage(reply, html, contentSecurityPolicy);
    });
  };
  page('/', 'demo.html', DEMO_POLICY);
  page('/graphiql', 'graphiql.html', GRAPHIQL_POLICY);
  const assets = join(webDir, 'assets');
  if (!existsSync(assets)) return;
  await app.register(fastifyStatic, {
    root: assets,
    prefix: '/pages/assets/',
    index: false,
    // Their names contain a hash of the content.
    immutable: true,
    maxAge: '365d',
    // A worker is bound by the policy that its own file was served with.
    setHeaders: (reply) => void reply.header('content-security-policy', GRAPHIQL_POLICY),
  });
}

function registerTokenRoute(app: FastifyInstance, issueToken: (userId: string) => Promise<string>): void {
  const body = {
    type: 'object',
    required: ['userId'],
    properties: { userId: { type: 'string', minLength: 1, maxLength: 256 } },
  };
  app.post('/development/token', { schema: { body } }, async (request, reply) => {
    const { userId } = request.body as { userId: string };
    return reply.header('cache-control', 'no-store').send({ token: await issueToken(userId) });
  });
}

/** The built page, told whether this server has an issuer and a sandbox. Undefined when the pages are not built. */
function readPage(file: string, { issueToken, sandboxUrl }: PagesDependencies): string | undefined {
  if (!existsSync(file)) return undefined;
  return readFileSync(file, 'utf8')
    .replace('data-development-issuer="false"', `data-development-issuer="${issueToken !== undefined}"`)
    .replace('data-sandbox-url=""', `data-sandbox-url="${sandboxUrl ?? ''}"`);
}

function sendPage(reply: FastifyReply, html: string | undefined, contentSecurityPolicy: string) {
  if (html === undefined) return reply.code(503).type('text/plain; charset=utf-8').send(NOT_BUILT);
  return reply
    .header('content-security-policy', contentSecurityPolicy)
    .header('cache-control', 'no-cache')
    .type('text/html; charset=utf-8')
    .send(html);
}

/** Whether the browser uses another name of this machine than the redirect URI. It keeps cookies for each name apart. */
function isLoopbackAlias(host: string, origin: string): boolean {
  if (!URL.canParse(`http://${host}`)) return false;
  const [asked, ours] = [new URL(`http://${host}`), new URL(origin)];
  return (
    asked.host !== ours.host &&
    asked.port === ours.port &&
    LOOPBACK.has(asked.hostname) &&
    LOOPBACK.has(ours.hostname)
  );
}

function policy(directives: Record<string, string>): string {
  return Object.entries(directives)
    .map(([name, value]) => `${name} ${value}`)
    .join('; ');
}

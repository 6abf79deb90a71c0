import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseConfig } from '../../src/config/config.js';
import { ENVIRONMENT_VARIABLES } from '../../src/config/environment.js';

const ROOT = join(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const matchesOf = (text: string, pattern: RegExp) =>
  [...text.matchAll(pattern)].map(([, found]) => found ?? '');

const OPS = readdirSync(join(ROOT, 'ops'), { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length + 1));
/** What has the form of a variable's name and is none of ours. */
const FOREIGN = ['NODE_IMAGE', 'AF_INET', 'AF_INET6', 'AF_UNIX'];
/** Every variable that production demands, with a value that it accepts. */
const ACCEPTED: Record<string, string> = {
  NODE_ENV: 'production',
  MONGODB_URI: 'mongodb://127.0.0.1/zoom',
  TOKEN_ENCRYPTION_KEYS: `k1:${Buffer.from(Array.from({ length: 32 }, (_, index) => index)).toString('base64')}`,
  ZOOM_USER_MANAGED_CLIENT_ID: 'client',
  ZOOM_USER_MANAGED_CLIENT_SECRET: 'a secret',
  ZOOM_WEBHOOK_SECRET_TOKEN: 'a secret token',
  ZOOM_REDIRECT_URI: 'https://zoom.example.com/api/zoom/oauth/user-callback',
  AUTH_JWKS_URL: 'https://platform.example.com/jwks.json',
  AUTH_JWT_ISSUER: 'https://platform.example.com',
  AUTH_JWT_AUDIENCE: 'zoom-grants',
  CORS_ORIGINS: 'https://app.example.com',
};
/** How long the process takes to close after SHUTDOWN_TIMEOUT_MS, at most. */
const CLOSING_S = 10;

/** The files that set the environment together, and how long the process may take to end, in seconds. */
const DEPLOYMENTS = [
  { name: 'compose', files: ['ops/compose.yaml'], grace: /stop_grace_period: (\d+)s/ },
  {
    name: 'Kubernetes',
    files: readdirSync(join(ROOT, 'ops/kubernetes')).map((file) => join('ops/kubernetes', file)),
    grace: /terminationGracePeriodSeconds: (\d+)/,
  },
  {
    name: 'systemd',
    files: ['ops/systemd/zoom-grant-server@.service', 'ops/systemd/environment.example'],
    grace: /TimeoutStopSec=(\d+)/,
  },
].map((deployment) => ({ ...deployment, text: deployment.files.map(read).join('\n') }));

const plainName = (name: string) => name.replace(/_FILE$/, '');
const withoutComments = (text: string) => text.replace(/^\s*#.*$/gm, '');

/** The names of the variables that a deployment sets, of `<name>_FILE` too. */
function setBy(text: string): string[] {
  const patterns = [
    /^ *([A-Z][A-Z0-9_]+): /gm,
    /name: ([A-Z][A-Z0-9_]+)\b/g,
    /^(?:Environment=)?([A-Z][A-Z0-9_]+)=/gm,
  ];
  return patterns.flatMap((pattern) => matchesOf(withoutComments(text), pattern)).map(plainName);
}

/** The literal value of a variable in a deployment. */
const valueIn = (text: string, name: string) =>
  new RegExp(`\\b${name}(?:: |=|, value: )'?([\\w.]+)`).exec(withoutComments(text))?.[1];

describe('the files of ops/ and the Dockerfile', () => {
  test.each([...OPS, 'Dockerfile'])('%s names no variable that the server does not read', (file) => {
    const named = matchesOf(read(file), /(?<![\w.-])([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)(?![\w-])/g);
    const known = [...ENVIRONMENT_VARIABLES, ...FOREIGN];
    const causes = file.includes('prometheus')
      ? /^(ROTATION_LOST|ZOOM_\w+|REFRESH_\w+|SCOPES_\w+|INTERNAL_\w+)$/
      : /^$/;
    const unknown = named.filter((name) => !known.includes(name) && !known.includes(plainName(name)));
    expect(unknown.filter((name) => !causes.test(name))).toEqual([]);
  });

  test.each(OPS.filter((file) => file.endsWith('.yaml')))('%s is indented by two spaces', (file) => {
    const odd = read(file)
      .split('\n')
      .filter((line) => line.includes('\t') || (/^ */.exec(line)?.[0].length ?? 0) % 2 === 1);
    expect(odd).toEqual([]);
  });
});

describe.each(DEPLOYMENTS)('$name', ({ text, grace }) => {
  const environment = Object.fromEntries(
    setBy(text).flatMap((name) => (ACCEPTED[name] === undefined ? [] : [[name, ACCEPTED[name]]])),
  );

  test('sets everything that production demands', () => {
    expect(Object.keys(environment).toSorted()).toEqual(Object.keys(ACCEPTED).toSorted());
    expect(parseConfig(environment).production).toBe(true);
  });

  test('gives the server more time to end than a shutdown takes', () => {
    const { timing } = parseConfig({
      ...environment,
      SHUTDOWN_DELAY_MS: valueIn(text, 'SHUTDOWN_DELAY_MS'),
      SHUTDOWN_TIMEOUT_MS: valueIn(text, 'SHUTDOWN_TIMEOUT_MS'),
    });
    const longest = (timing.shutdownDelayMs + timing.shutdownTimeoutMs) / 1000 + CLOSING_S;
    expect(Number(grace.exec(text)?.[1])).toBeGreaterThan(longest);
  });

  test('mounts nothing that the server could write to, and gives it no rights', () => {
    expect(text).toMatch(/read_only: true|readOnlyRootFilesystem: true|ProtectSystem=strict/);
    expect(text).toMatch(/no-new-privileges:true|allowPrivilegeEscalation: false|NoNewPrivileges=yes/);
    expect(text).toMatch(/cap_drop: \[ALL\]|capabilities: \{ drop: \[ALL\] \}|CapabilityBoundingSet=\n/);
  });
});

describe('ports and paths', () => {
  const port = String(parseConfig({}).http.port);
  const files = ['Dockerfile', 'ops/compose.yaml', 'ops/nginx.conf', 'ops/kubernetes/deployment.yaml'];

  test('the probes ask routes that the server has', () => {
    const asked = files.flatMap((file) =>
      matchesOf(read(file), /(?:path: |location = |')(\/[a-z]+)(?=[ ,'\n])/g),
    );
    const routes = ['health-routes', 'metrics-route'].flatMap((file) =>
      matchesOf(read(`src/http/${file}.ts`), /app\.get\(\s*'([^']+)'/g),
    );
    expect([...new Set(asked)].toSorted()).toEqual(routes.toSorted());
    const deployment = read('ops/kubernetes/deployment.yaml').replace(/\s+/g, ' ');
    expect(deployment).toContain('livenessProbe: httpGet: { path: /healthz');
    expect(deployment).toContain('readinessProbe: httpGet: { path: /readyz');
  });

  test('every port is the one on which the server listens by default', () => {
    const ports = [
      ...matchesOf(read('Dockerfile'), /(?:EXPOSE |PORT \|\| )(\d+)/g),
      ...matchesOf(read('ops/nginx.conf'), /server zoom-grant-\d:(\d+)/g),
      ...matchesOf(
        read('ops/kubernetes/deployment.yaml'),
        /(?:containerPort: |PORT, value: '|port: ')(\d+)/g,
      ),
    ];
    expect(ports).toEqual(Array.from({ length: 7 }, () => port));
  });
});

describe('nginx', () => {
  const text = withoutComments(read('ops/nginx.conf'));

  test('gives up idle connections before an instance that drains stops listening', () => {
    const { timing } = parseConfig(ACCEPTED);
    const keptMs = Number(/keepalive_timeout (\d+)s;/.exec(text)?.[1]) * 1000;
    expect(keptMs).toBeGreaterThan(0);
    expect(keptMs).toBeLessThan(timing.shutdownDelayMs);
  });

  test('sends no mutation twice, and leaves no instance out after a restart', () => {
    expect(text).toMatch(/proxy_next_upstream error timeout;/);
    expect(text.match(/server zoom-grant-\d:\d+ max_fails=0;/g)).toHaveLength(2);
  });

  test('the instances and the proxy of compose.yaml have the names and the address that nginx and TRUST_PROXY use', () => {
    const compose = read('ops/compose.yaml');
    for (const name of matchesOf(text, /server (zoom-grant-\d):/g))
      expect(compose).toMatch(new RegExp(`^  ${name}:$`, 'm'));
    const proxy = /^ {2}proxy:[\s\S]*?ipv4_address: ([\d.]+)/m.exec(compose)?.[1];
    expect(valueIn(compose, 'TRUST_PROXY')).toBe(proxy);
  });
});

describe('the Dockerfile', () => {
  const stages = withoutComments(read('Dockerfile'))
    .replaceAll('\\\n', ' ')
    .split(/^(?=FROM )/m)
    .slice(1);
  const [, , runtime = ''] = stages;
  const allowed = matchesOf(read('.dockerignore'), /^!(.+)$/gm);

  test('has a stage that builds, one with the production dependencies, and the runtime', () => {
    expect(matchesOf(stages.join(''), /^FROM \S+ AS (\w+)$/gm)).toEqual(['build', 'dependencies', 'runtime']);
    expect(stages[1]).toContain('npm ci --omit=dev --omit=optional --ignore-scripts');
    expect(runtime).not.toMatch(/^RUN|npm|--from=build \S*node_modules/m);
  });

  test('its Node is pinned to a version that package.json allows', () => {
    const [, major, minor] = /^ARG NODE_IMAGE=node:(\d+)\.(\d+)[\w.-]*-slim$/m.exec(read('Dockerfile')) ?? [];
    const { engines } = JSON.parse(read('package.json')) as { engines: { node: string } };
    const [, floor = 99] = /^>=(\d+)/.exec(engines.node) ?? [];
    expect(Number(major)).toBeGreaterThanOrEqual(Number(floor));
    expect(minor).toBeDefined();
  });

  test('runs as a user without rights, and node is the process that gets the signals', () => {
    expect(matchesOf(runtime, /^USER (\S+)$/gm)).toEqual(['1000:1000']);
    expect(runtime.indexOf('USER')).toBeGreaterThan(runtime.lastIndexOf('COPY'));
    expect(runtime).toMatch(/^CMD \["node", "dist\/main\.js"\]$/m);
    expect(runtime).toMatch(/^STOPSIGNAL SIGTERM$/m);
    expect(runtime).toMatch(/^HEALTHCHECK .*\/healthz/m);
    expect(runtime).not.toMatch(/ENTRYPOINT|--chown/);
  });

  test('takes no secret, and copies only what .dockerignore lets through', () => {
    const given = stages.flatMap((stage) => matchesOf(stage, /^(?:ARG|ENV) (\w+)/gm));
    expect(given.filter((name) => !['VERSION', 'NODE_ENV'].includes(name))).toEqual([]);
    const copied = stages
      .flatMap((stage) => matchesOf(stage, /^COPY (?!--from)(.+)$/gm))
      .flatMap((line) => line.split(' ').slice(0, -1));
    expect(copied.filter((source) => !allowed.includes(source) || !existsSync(join(ROOT, source)))).toEqual(
      [],
    );
    expect(allowed.filter((source) => !copied.includes(source))).toEqual([]);
    expect(read('.dockerignore')).toMatch(/^\*$/m);
  });
});

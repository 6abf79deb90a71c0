import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './harness.js';
import { until } from './waiting.js';

const EXAMPLE = join(import.meta.dirname, '../../ops/nginx.conf');

/** Where nginx is; undefined when it is not installed. */
export const NGINX = [...(process.env['PATH'] ?? '').split(':'), '/usr/sbin', '/usr/local/sbin']
  .map((folder) => join(folder, 'nginx'))
  .find((path) => existsSync(path));

/** A running nginx. */
export interface Nginx {
  url: string;
  /** Its log of errors. */
  errors(): string;
  close(): Promise<void>;
}

/** The example of ops/ with other addresses and without TLS. */
function configurationFor(ports: readonly number[], listen: number): string {
  const servers = ports.map((port) => `server 127.0.0.1:${port} max_fails=0;`);
  const example = readFileSync(EXAMPLE, 'utf8').replace(/^ +ssl_.*\n/gm, '');
  const [first = '', ...others] = example.match(/server zoom-grant-\d:5001 max_fails=0;/g) ?? [];
  if (others.length + 1 !== ports.length)
    throw new Error(`ops/nginx.conf has ${others.length + 1} instances`);
  return others
    .reduce((text, other) => text.replace(other, ''), example)
    .replace(first, servers.join('\n'))
    .replace('listen 443 ssl;', `listen 127.0.0.1:${listen};`);
}

/** Starts nginx with the example of ops/ in front of servers on this machine. */
export async function startNginx(ports: readonly number[]): Promise<Nginx> {
  if (!NGINX) throw new Error('nginx is not installed');
  const folder = mkdtempSync(join(tmpdir(), 'zoom-grant-nginx-'));
  const listen = await freePort();
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${folder}/${name};`,
  );
  const configuration = `
    ${process.getuid?.() === 0 ? 'user root;' : ''}
    pid ${folder}/pid;
    error_log ${folder}/error.log warn;
    events { worker_connections 512; }
    http { access_log off; ${paths.join(' ')} ${configurationFor(ports, listen)} }
  `;
  writeFileSync(join(folder, 'nginx.conf'), configuration);
  const child = spawn(NGINX, ['-p', folder, '-c', 'nginx.conf', '-e', 'error.log', '-g', 'daemon off;'], {
    stdio: 'inherit',
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  await until(() => accepts(listen));
  return {
    url: `http://127.0.0.1:${listen}`,
    errors: () => readFileSync(join(folder, 'error.log'), 'utf8'),
    close: async () => {
      child.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(port, '127.0.0.1')
      .once('connect', () => {
        socket.destroy();
        resolve(true);
      })
      .once('error', () => {
        resolve(false);
      });
  });
}

import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSandbox, type Sandbox } from '../../../src/dev/sandbox/sandbox.js';
import { api, basic, connect, post, REDIRECT_URI, refresh } from './client.js';

let folder: string;
let stateFile: string;
let running: Sandbox[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sandbox-'));
  stateFile = join(folder, 'nested', 'sandbox.json');
  running = [];
});
afterEach(async () => {
  await Promise.all(running.map((sandbox) => sandbox.close()));
  rmSync(folder, { recursive: true });
});

async function start(): Promise<Sandbox> {
  const sandbox = await startSandbox({ app: { redirectUris: [REDIRECT_URI] }, stateFile });
  running.push(sandbox);
  return sandbox;
}

describe('a state file', () => {
  it('keeps grants, users and meetings over a restart', async () => {
    const before = await start();
    const user = before.control.addUser({ email: 'kept.coach@example.com' });
    const [meeting] = before.control.addMeetings(user.id, 1);
    const { access, refresh: refreshToken } = await connect(before, user.id);
    await before.control.advanceClock(60_000);
    await before.close();
    const after = await start();
    expect(Date.parse(after.control.now()) - Date.now()).toBeGreaterThan(50_000);
    expect((await api(after, '/v2/users/me', access)).json.email).toBe('kept.coach@example.com');
    expect((await api(after, `/v2/meetings/${meeting ?? 0}`, access)).status).toBe(200);
    expect((await refresh(after, refreshToken)).status).toBe(200);
    expect((await refresh(after, refreshToken)).json.error).toBe('invalid_grant');
  });

  it('contains a rotation before it is answered, even if the answer is lost', async () => {
    const crashed = await start();
    const { refresh: spent } = await connect(crashed);
    crashed.control.injectFault({ target: 'refresh', kind: 'drop_answer' });
    await expect(refresh(crashed, spent)).rejects.toThrow();
    const after = await start();
    expect(after.control.isRefreshTokenLive(spent)).toBe(false);
    expect(after.control.grants()).toMatchObject([{ alive: true, refreshCount: 1 }]);
  });

  it('does not contain a revoked grant', async () => {
    const before = await start();
    const { access } = await connect(before);
    await post(`${before.url}/oauth/revoke`, { token: access }, basic());
    const after = await start();
    expect(after.control.isAccessTokenLive(access)).toBe(false);
    expect(after.control.grants()).toEqual([]);
  });

  it('can be read by its owner only', async () => {
    await connect(await start());
    expect(statSync(stateFile).mode & 0o777).toBe(0o600);
  });

  it.each(['', '{"version":1', '{"version":99}', 'null'])('that contains %j is ignored', async (content) => {
    stateFile = join(folder, 'sandbox.json');
    writeFileSync(stateFile, content);
    expect((await start()).control.users()).toHaveLength(4);
  });
});

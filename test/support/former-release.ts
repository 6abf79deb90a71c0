import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, '../..');

/** A build of a former release in a folder of its own. */
export interface FormerRelease {
  /** Its entry point, for `startServerProcess`. */
  main: string;
  remove(): void;
}

/** Whether the history of this checkout reaches back to a commit. An archive has none, a shallow clone little. */
export function hasCommit(commit: string): boolean {
  try {
    execFileSync('git', ['cat-file', '-e', `${commit}^{commit}`], { cwd: ROOT, stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Builds the release of a commit with the dependencies that are installed now. */
export async function buildFormerRelease(commit: string): Promise<FormerRelease> {
  const folder = mkdtempSync(join(tmpdir(), 'zoom-grant-former-'));
  const archive = join(folder, 'source.tar');
  await run('git', ['archive', '--output', archive, commit], { cwd: ROOT });
  await run('tar', ['-xf', archive, '-C', folder]);
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  await run('npm', ['run', '--silent', 'build'], { cwd: folder });
  return {
    main: join(folder, 'dist/main.js'),
    remove: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

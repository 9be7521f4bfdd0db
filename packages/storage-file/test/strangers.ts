import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { StrangerReport } from './stranger.ts';

/** The user that nobody is. */
export const STRANGER = 65_534;

/** Uses the storage in `directory` as another user of the host. */
export async function runAsStranger(directory: string): Promise<StrangerReport> {
  const script = fileURLToPath(new URL('./stranger.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--unhandled-rejections=strict', '--import', 'tsx', script, directory],
    { cwd: fileURLToPath(new URL('..', import.meta.url)), uid: STRANGER, gid: STRANGER, timeout: 25_000 },
  );
  return JSON.parse(stdout) as StrangerReport;
}

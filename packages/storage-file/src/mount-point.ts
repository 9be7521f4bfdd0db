import fs from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** Whether something is mounted over the very name `path`, as containers mount single files: nothing can be renamed over it. */
export async function isMountPoint(path: string): Promise<boolean> {
  const folder = await fs.realpath(dirname(path));
  const mounts = await fs.readFile('/proc/self/mountinfo', 'utf8').catch(() => undefined);
  if (mounts !== undefined) return mounts.split('\n').some((line) => placeOf(line) === join(folder, basename(path)));
  // No proof where mounts are listed: on a layered file system a file may have another device than its directory.
  const [file, above] = await Promise.all([fs.lstat(path).catch(() => undefined), fs.stat(folder)]);
  return file !== undefined && file.dev !== above.dev;
}

/** Blanks, newlines and backslashes stand there in octal. */
function placeOf(line: string): string | undefined {
  return line.split(' ')[4]?.replace(/\\([0-7]{3})/g, (_, octal) => String.fromCharCode(Number.parseInt(octal, 8)));
}

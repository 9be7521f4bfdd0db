import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export const ccxtVersion = '4.5.84';
const sha512 = 'AbVBsXV8i7FXVHRCAKx5GEUgmfLFaTRRsNgJSOTHAz0bOhDftW5ICiNtCZNIGpyTXGeC2MYfIlLV5qnx63jurg==';

const folder = fileURLToPath(new URL(`../../node_modules/.cache/ccxt-${ccxtVersion}`, import.meta.url));
const throttle = 'package/js/src/base/functions/throttle.js';
const run = promisify(execFile);

/** Where ccxt's throttle lies once it was fetched. */
export const ccxtThrottle: string = join(folder, throttle);

export function hasCcxt(): boolean {
  return existsSync(ccxtThrottle);
}

/**
 * Fetches from npm, once, what the throttle needs of ccxt: as a dependency it would bring 65 MB to everyone who installs the
 * repository.
 *
 * @throws Error where npm cannot be reached, or gives another tarball than the one that was looked at.
 */
export async function fetchCcxt(): Promise<void> {
  if (hasCcxt()) return;
  const temp = `${folder}.${process.pid}`;
  mkdirSync(temp, { recursive: true });
  try {
    const args = ['pack', `ccxt@${ccxtVersion}`, '--silent', '--fetch-retries=0'];
    await run('npm', args, { cwd: temp, timeout: 60_000 });
    const tarball = `ccxt-${ccxtVersion}.tgz`;
    const got = createHash('sha512')
      .update(readFileSync(join(temp, tarball)))
      .digest('base64');
    if (got !== sha512) throw new Error(`${tarball} is not the one that was looked at`);
    const files = ['package/package.json', throttle, throttle.replace('throttle.js', 'time.js')];
    await run('tar', ['-xzf', tarball, ...files], { cwd: temp });
    rmSync(join(temp, tarball));
    renameSync(temp, folder);
  } finally {
    rmSync(temp, { recursive: true, force: true });
  }
}

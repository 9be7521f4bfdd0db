import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
/** With a font that has Hangul: it is the screenshots that want one. */
const PACKAGES = 'chromium fonts-noto-cjk';

/**
 * The path of a Chromium of this host. Where there is none, Debian's is installed if that takes no password.
 *
 * @throws Error with the one line to run.
 */
export async function needChromium(): Promise<string> {
  const found = await find(NAMES);
  if (found !== undefined) return found;
  const asRoot = process.getuid?.() === 0 ? '' : 'sudo -n ';
  // Another process may be installing at the same time: wait for it.
  const aptGet = `${asRoot}apt-get -o DPkg::Lock::Timeout=120 -qq`;
  const install = `${aptGet} install -y --no-install-recommends ${PACKAGES}`;
  if ((await find(['apt-get'])) !== undefined) {
    console.log(`The tests need \`chromium\`, which this host does not have: ${install}`);
    for (const command of [install, `${aptGet} update && ${install}`]) {
      const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
      await promisify(execFile)('sh', ['-c', command], { env, timeout: 300_000 }).catch(() => undefined);
      const installed = await find(NAMES);
      if (installed !== undefined) return installed;
    }
  }
  throw new Error(`The tests need Chromium. On Debian: sudo apt-get install ${PACKAGES}`);
}

async function find(names: readonly string[]): Promise<string | undefined> {
  const directories = (process.env.PATH ?? '').split(delimiter).filter((directory) => directory !== '');
  for (const path of names.flatMap((name) => directories.map((directory) => join(directory, name)))) {
    const isThere = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isThere) return path;
  }
  return undefined;
}

import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export const redisNames: readonly string[] = ['redis-server', 'valkey-server'];

/**
 * The path of the first of `names` that this host has. Where it has none, the Debian package named first among them is
 * installed if that takes no password.
 *
 * @throws Error with the one line to run.
 */
export async function needProgram(names: readonly string[]): Promise<string> {
  return (await find(names)) ?? (await install(names));
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

async function install(names: readonly string[]): Promise<string> {
  const [name] = names;
  const asRoot = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  // Another process may be installing the same: wait for it.
  const aptGet = [...asRoot, 'apt-get', '-o', 'DPkg::Lock::Timeout=120', '-qq'];
  const get = `${aptGet.join(' ')} install -y ${name}`;
  if (await find(['apt-get'])) {
    console.log(`The tests need \`${name}\`, which this host does not have: ${get}`);
    for (const commands of [[get], [`${aptGet.join(' ')} update`, get]]) {
      await run('sh', ['-c', commands.join(' && ')], {
        env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      }).catch(() => undefined);
      const path = await find(names);
      if (path !== undefined) return path;
    }
  }
  const byHand = (await find(['brew']))
    ? `brew install ${name?.replace('-server', '')}`
    : `sudo apt-get install -y ${name}`;
  throw new Error(`This host has no \`${names.join('` or `')}\`, which the tests need: run \`${byHand}\``);
}

import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { needProgram } from '../src/program.ts';

/** A host whose `apt-get` does this, be it called as root or by `sudo`. */
async function createHost(aptGet: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'kis-host-'));
  const { PATH } = process.env;
  onTestFinished(async () => {
    process.env.PATH = PATH;
    await rm(folder, { recursive: true });
  });
  for (const [name, text] of [
    ['apt-get', aptGet],
    ['sudo', 'shift; "$@"'],
  ] as const) {
    await writeFile(join(folder, name), `#!/bin/sh\nfolder=${folder}\n${text}\n`);
    await chmod(join(folder, name), 0o755);
  }
  process.env.PATH = `${folder}:${PATH}`;
  return folder;
}

describe('a program that a host does not have', () => {
  test('is installed, after the lists of packages were renewed where that is needed, and said in a line', async () => {
    const folder = await createHost(`case "$*" in
      *update*) : > $folder/lists ;;
      *install*made-up-server*) [ -e $folder/lists ] && : > $folder/made-up-server && chmod 755 $folder/made-up-server ;;
    esac`);
    const said = vi.spyOn(console, 'log').mockImplementation(() => {});
    onTestFinished(() => said.mockRestore());
    expect(await needProgram(['made-up-server'])).toBe(join(folder, 'made-up-server'));
    expect(await needProgram(['another', 'made-up-server'])).toBe(join(folder, 'made-up-server'));
    expect(said.mock.calls).toEqual([
      [expect.stringMatching(/`made-up-server`.*apt-get.* install -y made-up-server$/)],
    ]);
  });

  test('and that cannot be installed is an error with the one line to run', async () => {
    await createHost('exit 1');
    const said = vi.spyOn(console, 'log').mockImplementation(() => {});
    onTestFinished(() => said.mockRestore());
    await expect(needProgram(['made-up-server', 'another'])).rejects.toThrow(
      'This host has no `made-up-server` or `another`, which the tests need: run `sudo apt-get install -y made-up-server`',
    );
  });
});

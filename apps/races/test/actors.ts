import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { bundle, type Script } from '../src/rig.ts';

/** The actors' program, built once for a test file. */
export function useActors(): () => Script {
  let folder = '';
  let script: Script | undefined;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'kis-actors-'));
    script = await bundle('actor.ts', folder);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return () => {
    if (script === undefined) throw new Error('the program is not built yet');
    return script;
  };
}

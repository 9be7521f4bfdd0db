import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** So long no build takes: whoever began one before was killed. */
const LONGEST_BUILD_MS = 600_000;

/**
 * Has `build` fill a folder of its own, since others may be building the same or using it; what it does not move away is
 * removed. That folder stands in `folder`, which git ignores, under a name with a dot.
 */
export async function buildAside(folder: string, build: (aside: string) => Promise<void>): Promise<void> {
  const aside = join(folder, `.${randomUUID()}`);
  try {
    await mkdir(aside, { recursive: true });
    await build(aside);
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

/** Removes all but `names`, and what somebody is building. Where it may not, that does no harm. */
export async function removeOthers(folder: string, names: readonly string[]): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    if (names.includes(name) || (name.startsWith('.') && (await isBeingBuilt(path)))) continue;
    await rm(path, { recursive: true, force: true }).catch(() => {});
  }
}

async function isBeingBuilt(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found !== undefined && Date.now() - found.mtimeMs < LONGEST_BUILD_MS;
}

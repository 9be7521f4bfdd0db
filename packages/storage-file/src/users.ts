import fs from 'node:fs/promises';
import { join } from 'node:path';
import { type Owners, removeQuietly } from '@kis/versioned-file/parts';

/** Whose files this process believes in one directory. */
export interface Users {
  /** Whether `uid` is this process's or the system's, or this process is the system. Without users (Windows) all are believed. */
  mayTrust(uid: number): Promise<boolean>;
}

export function createUsers(directory: string, owners: Owners): Users {
  let given: number | undefined;

  return {
    async mayTrust(uid) {
      const own = process.geteuid?.();
      if (own === undefined || own === 0 || uid === 0 || uid === own) return true;
      // Some mounts give all files to one user of their own (NFS with `all_squash`, `uid=`): then so are ours.
      given ??= await ownerOfNewFile(join(directory, owners.tempName())).catch(() => undefined);
      return uid === given;
    },
  };
}

async function ownerOfNewFile(path: string): Promise<number> {
  const file = await fs.open(path, 'wx', 0o600);
  try {
    return (await file.stat()).uid;
  } finally {
    await file.close();
    await removeQuietly(path);
  }
}

/** Whether `uid` is this process's; never without users. */
export function isOwn(uid: number): boolean {
  return uid === process.geteuid?.();
}

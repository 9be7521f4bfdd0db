import { dirname, join } from 'node:path';
import { type Owners, removeQuietly, versionName, writeNewFile } from '@kis/versioned-file/parts';
import type { EventSink } from '../events.ts';
import { identify } from '../file-identity.ts';
import { isLegacyToken, parseLegacyFile } from '../legacy/legacy-file.ts';
import type { PythonCredentials } from '../location.ts';
import type { MirrorFile } from '../mirror.ts';
import type { RecordBody } from '../newest-record.ts';
import { removeSeen, swapFile } from '../swap-file.ts';
import { createPicklePlans, type PicklePlan } from './pickle-plan.ts';
import { lookAtSharedFile, type SharedLook } from './shared-file.ts';

/** Python programs write once a minute at most. */
const MAX_TRIES = 10;

/** Keeps a pickle at `path` that Python programs read and write, too, at any moment. */
export function createSharedPickle(options: {
  readonly path: string;
  readonly python: PythonCredentials | undefined;
  readonly owners: Owners;
  readonly emit: EventSink;
}): MirrorFile {
  const { path, python, owners, emit } = options;
  const { planFor, encode } = createPicklePlans(path, python);
  /** By key: the version and the file between which there is nothing to do. */
  const settled = new Map<string, string>();
  let refusalSaid: string | undefined;

  const pairOf = (body: RecordBody, identity: string | undefined): string => `${versionName(body)} ${identity}`;

  function refuse(reason: string): void {
    if (refusalSaid !== reason) emit({ type: 'mirror-refused', path, reason });
    refusalSaid = reason;
  }

  /** Looks, and does what that asks for unless somebody was quicker: then looks again. False where nothing was to be done. */
  async function settle(body: RecordBody): Promise<boolean> {
    const temp = join(dirname(path), owners.tempName());
    let isTempThere = false;

    async function carryOut(plan: PicklePlan, seen: string | undefined): Promise<boolean> {
      const token = body.value?.token;
      if (token === undefined || plan !== 'write') return seen === undefined || removeSeen(path, seen);
      if (!isTempThere) await writeNewFile(temp, encode(body.key, token), true);
      isTempThere = true;
      return swapFile(temp, path, seen);
    }

    try {
      for (let tries = 1; tries <= MAX_TRIES; tries += 1) {
        const look = await lookAtSharedFile(path);
        const seen = typeof look === 'object' ? look : undefined;
        try {
          const plan = planFor(body, look);
          if (typeof plan === 'object') refuse(plan.refusal);
          if (typeof plan === 'object' || plan === 'keep') {
            settled.set(body.key, pairOf(body, seen?.identity));
            return false;
          }
          // Windows replaces no file that is open: not by us, and so not by any who could still write into it.
          const mayRescue = process.platform !== 'win32';
          if (!mayRescue) await seen?.close();
          if (!(await carryOut(plan, seen?.identity))) continue;
          if (mayRescue && seen !== undefined) await rescue(body, seen);
          return true;
        } finally {
          await seen?.close();
        }
      }
    } finally {
      if (isTempThere) await removeQuietly(temp);
    }
    throw new Error(`storage-file: others changed ${path} each of the ${MAX_TRIES} times that it was to be written`);
  }

  /** A program that had opened the file before it was replaced has written into what nobody can find any more. */
  async function rescue(body: RecordBody, look: SharedLook): Promise<void> {
    const bytes = await look.readAgain();
    if (body.value === undefined || bytes.equals(look.bytes)) return;
    const found = parseLegacyFile(bytes);
    if (!isLegacyToken(found) || planFor(body, { ...look, bytes }) !== 'keep') return;
    await settle({ ...body, value: { ...body.value, token: found.token } });
  }

  return {
    put: async (_place, { body }) => body !== undefined && body.locked === undefined && settle(body),
    isBehind: async (body) => body.value !== undefined && settled.get(body.key) !== pairOf(body, await identify(path)),
  };
}

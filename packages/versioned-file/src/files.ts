import fsSync, { type Stats } from 'node:fs';
import fs from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** What is larger is read by nobody. */
export const MAX_BYTES: number = 1 << 20;
/** Within a second. */
const MAX_RENAMES = 10;

/** What stands in a file's place and is not read. */
export type Refusal = 'a directory' | 'a symbolic link' | 'not a regular file' | 'too large';

/** The bytes of a regular file. Follows no link unless told to, and waits for nobody, whatever stands there. */
export async function readRegularFile(path: string, links: 'refuse' | 'follow' = 'refuse'): Promise<Buffer | Refusal> {
  const opened = await openRegularFile(path, links);
  if (typeof opened === 'string') return opened;
  try {
    return await opened.file.readFile();
  } finally {
    await opened.file.close();
  }
}

/** A regular file as it was found, to be closed by whoever opened it. */
export interface OpenedFile {
  readonly file: fs.FileHandle;
  readonly found: Stats;
}

export async function openRegularFile(path: string, links: 'refuse' | 'follow'): Promise<OpenedFile | Refusal> {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = fsSync.constants;
  let file: fs.FileHandle;
  try {
    file = await fs.open(path, O_RDONLY | O_NONBLOCK | (links === 'follow' ? 0 : O_NOFOLLOW));
  } catch (error) {
    if (hasCode(error, 'ELOOP')) return 'a symbolic link';
    // A socket cannot be opened.
    if (hasCode(error, 'ENXIO')) return 'not a regular file';
    throw error;
  }
  let isKept = false;
  try {
    const found = await file.stat();
    const refusal = judgeFile(found);
    isKept = refusal === undefined;
    return refusal ?? { file, found };
  } finally {
    if (!isKept) await file.close();
  }
}

function judgeFile(found: Stats): Refusal | undefined {
  if (found.isDirectory()) return 'a directory';
  if (!found.isFile()) return 'not a regular file';
  return found.size > MAX_BYTES ? 'too large' : undefined;
}

/** Makes a new file of mode 0600 that is whole and, if durable, on the disk when this resolves. */
export async function writeNewFile(path: string, bytes: Buffer, isDurable: boolean): Promise<void> {
  const file = await fs.open(path, 'wx', 0o600);
  try {
    try {
      await file.writeFile(bytes);
      const { size, mode } = await file.stat();
      if (size !== bytes.length) {
        const error = new Error(`versioned-file: ${path} took ${size} of ${bytes.length} bytes`);
        throw Object.assign(error, { code: 'EIO' });
      }
      // A umask may have taken the owner's own rights.
      if ((mode & 0o600) !== 0o600) await file.chmod(0o600);
      if (isDurable) await file.sync();
    } finally {
      await file.close();
    }
  } catch (error) {
    await removeQuietly(path);
    throw error;
  }
}

/** Puts a file of mode 0600 where there is none or another one: whoever looks finds one of the two, whole. */
export async function replaceFile(path: string, temp: string, bytes: Buffer, isDurable: boolean): Promise<void> {
  await writeNewFile(temp, bytes, isDurable);
  try {
    await renameOver(temp, path);
  } catch (error) {
    await removeQuietly(temp);
    throw error;
  }
}

/**
 * Windows refuses to replace a file while another program has it open, as scanners for viruses do: for a moment. False where
 * it is not wanted any more, which is asked right before each try.
 */
export async function renameOver(
  temp: string,
  path: string,
  isWanted: () => boolean | Promise<boolean> = () => true,
): Promise<boolean> {
  for (let tries = 1; ; tries += 1) {
    if (!(await isWanted())) return false;
    try {
      await fs.rename(temp, path);
      return true;
    } catch (error) {
      const mayPass = process.platform === 'win32' && hasCode(error, 'EPERM', 'EACCES', 'EBUSY');
      if (!mayPass || tries === MAX_RENAMES) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 20 * tries));
  }
}

/**
 * Makes the directory, and those above it, with mode 0700 where they are missing; one that is there keeps its mode, as it
 * may be anybody's.
 */
export async function makeDirectory(directory: string): Promise<void> {
  try {
    await makeLevel(directory);
  } catch (error) {
    const above = dirname(directory);
    if (!hasCode(error, 'ENOENT') || above === directory) throw error;
    await makeDirectory(above);
    await makeLevel(directory);
  }
}

async function makeLevel(directory: string): Promise<void> {
  try {
    await fs.mkdir(directory, 0o700);
  } catch (error) {
    // Of the root of a drive Windows says EPERM. What else stands there is told by the first use.
    if (hasCode(error, 'EEXIST') || (await isDirectory(directory))) return;
    throw error;
  }
  // A umask may have taken the owner's own rights; a mount without modes has none to give.
  await fs.chmod(directory, 0o700).catch(() => undefined);
}

function isDirectory(path: string): Promise<boolean> {
  return fs.stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/** A new name outlives a power cut only once its directory is on the disk. */
export async function syncDirectory(directory: string): Promise<void> {
  let handle: fs.FileHandle | undefined;
  try {
    handle = await fs.open(directory, 'r');
    await handle.sync();
  } catch (error) {
    // Windows and some mounts cannot sync a directory, or not even open one: there is nothing better to be had there.
    if (!hasCode(error, 'EINVAL', 'ENOTSUP', 'EPERM', 'EACCES', 'EISDIR')) throw error;
  } finally {
    await handle?.close();
  }
}

/** The names in a directory; none where there is no directory. */
export async function listNames(directory: string): Promise<string[]> {
  try {
    return await fs.readdir(directory);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  }
}

/** The file inside a directory that was published in a file's place. */
export const INNER_NAME = 'record.json';

/**
 * Removes a file, or a directory that was published in its place. What cannot be removed stays, which is told by false: the
 * next write tries again.
 */
export async function removeQuietly(path: string): Promise<boolean> {
  try {
    await fs.unlink(path).catch(async (error) => {
      if (!hasCode(error, 'EISDIR', 'EPERM')) throw error;
      await fs.unlink(join(path, INNER_NAME)).catch(() => undefined);
      await fs.rmdir(path);
    });
    return true;
  } catch {
    // Not by the error: Windows says ENOENT of a file that is no directory, too.
    return fs.lstat(path).then(
      () => false,
      (error) => hasCode(error, 'ENOENT'),
    );
  }
}

export function hasCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && codes.includes((error as NodeJS.ErrnoException).code ?? '');
}

/** Where a write failed. */
export interface Failing {
  readonly directory: string;
  /** The file that was to be replaced there, where it was one. */
  readonly path?: string | undefined;
}

/** The versions of a key, a temporary file and a copy, in full blocks. */
const NEEDED_BYTES = 65_536;

const REMEDIES: Readonly<Record<string, (failing: Failing, error: NodeJS.ErrnoException) => string>> = {
  ENOSPC: ({ directory }) => `free at least ${NEEDED_BYTES} bytes, and some inodes, where ${directory} is`,
  EDQUOT: ({ directory }) => `free at least ${NEEDED_BYTES} bytes of this user's quota where ${directory} is`,
  EFBIG: () => `raise the limit of file sizes (ulimit -f) to at least ${NEEDED_BYTES} bytes`,
  EROFS: ({ directory }) => `mount what ${directory} is on writable, or choose another directory`,
  EACCES: permit,
  EPERM: permit,
  EBUSY: ({ directory, path }) =>
    path === undefined
      ? `end the program that keeps a file in ${directory} open`
      : `mount the directory ${directory} into the container, not the single file ${path}`,
  EMFILE: () => "raise this process's limit of open files (ulimit -n)",
  ENFILE: () => "raise the system's limit of open files (fs.file-max)",
  ENOTDIR: ({ directory }) => `remove the file that stands where ${directory} or a directory above it should be`,
  EEXIST: ({ directory }) => `keep others from writing into ${directory}`,
  ENOENT: ({ directory }) => `make ${directory}; where that is a link, make what it leads to`,
  ELOOP: ({ directory }) => `mend the links that lead to ${directory}`,
  ENAMETOOLONG: ({ directory }) => `choose a directory with a shorter name than ${directory}`,
  ESTALE: ({ directory }) => `mount the network file system of ${directory} anew`,
  EIO: ({ directory }) => `check the disk or the mount of ${directory}: the system's log says more`,
};

/** What a person can do about a write that failed: one sentence, without a full stop. */
export function remedyOf(error: Error, failing: Failing): string {
  const { code } = error as NodeJS.ErrnoException;
  if (code === undefined) return 'do what the error says';
  return REMEDIES[code]?.(failing, error) ?? `find out what ${code} means where ${failing.directory} is`;
}

function permit({ directory }: Failing, { path = directory }: NodeJS.ErrnoException): string {
  const uid = process.geteuid?.();
  // A temporary file is gone, and it was its directory that refused it.
  const where = path.endsWith('.tmp') ? directory : path;
  return `give ${uid === undefined ? 'this user' : `uid ${uid}`} permission to read and write ${where}`;
}

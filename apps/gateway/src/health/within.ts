/** A storage that hangs is none. Shorter than the dashboard waits for the first word. */
const LONGEST_MS = 3_000;

class StorageHangsError extends Error {
  override readonly name = 'StorageHangsError';
  readonly code = 'ERR_TOKEN_STORAGE';

  constructor() {
    super(`no answer within ${LONGEST_MS} ms`);
  }
}

/** What `work` gives, or a StorageHangsError where that takes too long. */
export async function within<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new StorageHangsError()), LONGEST_MS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

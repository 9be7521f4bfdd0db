/** A look at something that is not to be asked too often. */
export interface Look<T> {
  /** What there is, as of a moment ago at most. Many who ask at once have one look. */
  take(): Promise<T>;
  /** Something has changed: the next one looks anew. */
  forget(): void;
  /** Of the looks that are over, what the one that was begun last found. */
  readonly last: T | undefined;
}

/** A probe writes and syncs a file. */
const AGE_MS = 2_000;

/** `find` never rejects. */
export function createLook<T>(find: () => Promise<T>): Look<T> {
  let current: { readonly found: Promise<T>; endedMs: number } | undefined;
  let count = 0;
  let last: { readonly number: number; readonly found: T } | undefined;
  return {
    take() {
      if (current === undefined || performance.now() - current.endedMs >= AGE_MS) {
        const look = { found: find(), endedMs: Number.POSITIVE_INFINITY };
        count += 1;
        const number = count;
        void look.found.then((found) => {
          look.endedMs = performance.now();
          // One that hung may end after those that were begun later.
          if (number > (last?.number ?? 0)) last = { number, found };
        });
        current = look;
      }
      return current.found;
    },
    forget() {
      current = undefined;
    },
    get last() {
      return last?.found;
    },
  };
}

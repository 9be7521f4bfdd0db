/** A look at something that is not to be asked too often. */
export interface Look<T> {
  /** What there is, as of a moment ago at most. Many who ask at once have one look. */
  take(): Promise<T>;
  /** Something has changed: the next one looks anew. */
  forget(): void;
}

/** A probe writes and syncs a file. */
const AGE_MS = 2_000;

/** `find` never rejects. */
export function createLook<T>(find: () => Promise<T>): Look<T> {
  let last: { readonly found: Promise<T>; endedMs: number } | undefined;
  return {
    take() {
      if (last === undefined || performance.now() - last.endedMs >= AGE_MS) {
        const look = { found: find(), endedMs: Number.POSITIVE_INFINITY };
        void look.found.then(() => {
          look.endedMs = performance.now();
        });
        last = look;
      }
      return last.found;
    },
    forget() {
      last = undefined;
    },
  };
}

/** What `promise` settles to, or a rejection with what `late` makes when `ms` have passed. */
export async function inTime<T>(promise: Promise<T>, ms: number, late: () => Error): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  let isSettled = false;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      // After a stop of the process its timers run before its sockets: a reply that is already there counts.
      setImmediate(() => isSettled || reject(late()));
    }, ms);
  });
  try {
    return await Promise.race([promise, deadline]);
  } finally {
    isSettled = true;
    clearTimeout(timer);
  }
}

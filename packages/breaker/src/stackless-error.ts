/**
 * An error that takes no stack trace, which is most of what an error costs. V8 takes as many frames as
 * `Error.stackTraceLimit` says when the error is made, and none if that is no number. Where it cannot be written, as in a
 * frozen realm, the error has its frames.
 */
export class StacklessError extends Error {
  constructor(message: string) {
    const limit = Error.stackTraceLimit;
    const isHeld = typeof limit === 'number' && tryToTakeNone();
    try {
      super(message);
    } finally {
      // Also when the stack overflows, and with no call that would overflow it again.
      if (isHeld) Error.stackTraceLimit = limit;
    }
  }
}

function tryToTakeNone(): boolean {
  try {
    Error.stackTraceLimit = 0;
    return true;
  } catch {
    return false;
  }
}

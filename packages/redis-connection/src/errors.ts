/** Why a command came to nothing. `'unreachable'` and `'timeout'`: it may have been carried out all the same. */
export type RedisErrorReason = 'unreachable' | 'timeout' | 'refused' | 'closed';

/** Redis refused a command, or gave no answer in time. Neither a password nor an argument is in it, nor in its `cause`. */
export class RedisError extends Error {
  override readonly name = 'RedisError';
  readonly code = 'ERR_REDIS';
  readonly reason: RedisErrorReason;
  /** The first word of what Redis answered: `WRONGPASS`, `NOPERM`, `READONLY`, `OOM`, … */
  readonly reply: string | undefined;

  constructor(reason: RedisErrorReason, message: string, cause?: Error) {
    super(`redis: ${message}`, cause === undefined ? undefined : { cause });
    this.reason = reason;
    this.reply = /^[A-Z]{3,}(?= )/.exec(cause?.message ?? '')?.[0];
  }
}

export function closedError(): RedisError {
  return new RedisError('closed', 'the connection was closed by its owner');
}

/** Makes errors that can be shown out of those of ioredis, which carry the arguments of the command that failed. */
export type ErrorCleaner = (error: unknown) => Error;

export function createErrorCleaner(secrets: readonly string[]): ErrorCleaner {
  const hidden = secrets.filter((secret) => secret !== '').flatMap((secret) => [secret, encodeURIComponent(secret)]);
  return (error) => {
    const { message, code } = (error ?? {}) as { readonly message?: unknown; readonly code?: unknown };
    // An attempt at several addresses has several errors and no message.
    const whole = String(message || code || 'no connection');
    // Of a command that Redis does not know it shows the arguments.
    const text = whole.replace(/, with args beginning with: .*/s, '');
    const clean = new Error(hidden.reduce((shown, secret) => shown.replaceAll(secret, '***'), text));
    clean.stack = `${clean.name}: ${clean.message}`;
    return typeof code === 'string' ? Object.assign(clean, { code }) : clean;
  };
}

/** Whether Redis itself said so: then the command was not carried out. */
export function isReply(error: unknown): boolean {
  return error instanceof Error && error.name === 'ReplyError';
}

/** What does not pass by itself: those who meet it again at once would only make load. */
export function isPermanent(error: Error): boolean {
  return /^(?:WRONGPASS|NOAUTH|NOPERM|READONLY|ERR (?:AUTH|invalid password|Client sent AUTH|DB index))/.test(
    error.message,
  );
}

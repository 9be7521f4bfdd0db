/** KIS gave no token, and why. Never holds a key, a secret or a token. */
export class TokenIssueError extends Error {
  override readonly name = 'TokenIssueError';
  readonly code = 'ERR_TOKEN_ISSUE';
  /** HTTP status of KIS's reply; absent when there was none. */
  readonly status: number | undefined;
  /** KIS's `error_code`, such as `EGW00133`. */
  readonly kisCode: string | undefined;
  /** When it is worth while to ask again, counted from now. */
  readonly retryAfterMs: number | undefined;
  /** Whether KIS may have counted the question. Without a reply it may have, unless the connection never came about. */
  readonly mayHaveArrived: boolean;
  /** Epoch milliseconds: the reply's `Date` header. */
  readonly serverDateMs: number | undefined;

  constructor(
    message: string,
    details: {
      readonly status?: number | undefined;
      readonly kisCode?: string | undefined;
      readonly retryAfterMs?: number | undefined;
      readonly mayHaveArrived?: boolean | undefined;
      readonly serverDateMs?: number | undefined;
      readonly cause?: unknown;
    } = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.status = details.status;
    this.kisCode = details.kisCode;
    this.retryAfterMs = details.retryAfterMs;
    this.mayHaveArrived = details.mayHaveArrived ?? true;
    this.serverDateMs = details.serverDateMs;
  }
}

/** The storage failed; the backend's own error is the `cause`. */
export class TokenStorageError extends Error {
  override readonly name = 'TokenStorageError';
  readonly code = 'ERR_TOKEN_STORAGE';
  readonly operation: 'read' | 'compareAndSet' | 'delete';
  readonly key: string;

  constructor(operation: 'read' | 'compareAndSet' | 'delete', key: string, cause: unknown) {
    super(
      `The token storage failed to ${operation} "${key}": ${cause instanceof Error ? cause.message : String(cause)}`,
      {
        cause,
      },
    );
    this.operation = operation;
    this.key = key;
  }
}

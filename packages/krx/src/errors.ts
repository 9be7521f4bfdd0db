/**
 * `unknown-stock`: KRX lists no such issue. `unauthorized`: the key is wrong, or has not applied for this service. `budget`: the calls
 * of the day are used up. `refused`: any other HTTP status. `response`: the answer cannot be read. `network`: there was none.
 * `closed`: the source is.
 */
export type KrxErrorReason =
  | 'unknown-stock'
  | 'unauthorized'
  | 'budget'
  | 'refused'
  | 'response'
  | 'network'
  | 'closed';

/** KRX has no answer to give, or none that can be read. */
export class KrxError extends Error {
  override readonly name = 'KrxError';
  readonly code = 'ERR_KRX';
  readonly reason: KrxErrorReason;
  /** HTTP status; undefined where there was no answer. */
  readonly status: number | undefined;
  /** Of `budget`: when the next day begins. Epoch milliseconds. */
  readonly retryAtMs: number | undefined;

  constructor(
    reason: KrxErrorReason,
    message: string,
    details: {
      readonly status?: number | undefined;
      readonly retryAtMs?: number | undefined;
      readonly cause?: unknown;
    } = {},
  ) {
    super(message, details.cause === undefined ? {} : { cause: details.cause });
    this.reason = reason;
    this.status = details.status;
    this.retryAtMs = details.retryAtMs;
  }
}

import { actionOf } from './kis-codes.ts';

/** KIS refused the call: its `rt_cd` is not `"0"`, or it does not know what was asked about. */
export class KisApiError extends Error {
  override readonly name = 'KisApiError';
  readonly code = 'ERR_KIS_API';
  /** KIS: `msg_cd` or `error_code`, such as `EGW00201`; `''` where KIS gave none. */
  readonly kisCode: string;
  /** KIS: `msg1` or `error_description`, without the padding. */
  readonly kisMessage: string;
  /** HTTP status. */
  readonly status: number;
  readonly trId: string;
  /** False: KIS did not carry it out. True: it does not say; an order has to be looked up before it is sent again. */
  readonly mayHaveArrived: boolean;
  /** When KIS wants to be asked again at the earliest, from when it answered; undefined where it does not say. */
  readonly retryAfterMs: number | undefined;

  constructor(details: {
    readonly kisCode: string;
    readonly kisMessage: string;
    readonly status: number;
    readonly trId: string;
    readonly message?: string | undefined;
    readonly retryAfterMs?: number | undefined;
  }) {
    const { kisCode, kisMessage, status, trId } = details;
    super(details.message ?? `KIS refused ${trId}: ${[kisCode, kisMessage].join(' ').trim() || `HTTP ${status}`}`);
    this.kisCode = kisCode;
    this.kisMessage = kisMessage;
    this.status = status;
    this.trId = trId;
    this.mayHaveArrived = ['R', 'A'].includes(actionOf(details));
    this.retryAfterMs = details.retryAfterMs;
  }
}

/** KIS could not be reached, or did not answer in time. */
export class KisNetworkError extends Error {
  override readonly name = 'KisNetworkError';
  readonly code = 'ERR_KIS_NETWORK';
  /** False: no byte of the call was sent. True: KIS may have carried it out; an order has to be looked up before it is sent again. */
  readonly mayHaveArrived: boolean;

  constructor(message: string, details: { readonly mayHaveArrived: boolean; readonly cause?: unknown }) {
    super(message, { cause: details.cause });
    this.mayHaveArrived = details.mayHaveArrived;
  }
}

/** KIS's answer is not what its documents promise: no JSON, no `rt_cd`, or a field without its value. */
export class KisResponseError extends Error {
  override readonly name = 'KisResponseError';
  readonly code = 'ERR_KIS_RESPONSE';
  /** Such as `a number`. */
  readonly expected: string;
  /** Such as `output.stck_prpr`. */
  readonly where: string;
  /** HTTP status. */
  readonly status: number;
  /** KIS may have carried it out; an order has to be looked up before it is sent again. */
  readonly mayHaveArrived = true;
  /** When KIS wants to be asked again at the earliest, from when it answered; undefined where it does not say. */
  readonly retryAfterMs: number | undefined;

  constructor(details: {
    readonly expected: string;
    readonly where: string;
    readonly status: number;
    readonly got?: string | undefined;
    readonly retryAfterMs?: number | undefined;
  }) {
    const { expected, where, status, got } = details;
    super(`KIS's answer (HTTP ${status}): expected ${expected} in ${where}${got === undefined ? '' : `, got ${got}`}`);
    this.expected = expected;
    this.where = where;
    this.status = status;
    this.retryAfterMs = details.retryAfterMs;
  }
}

/** What was asked for does not exist there. */
export class UnsupportedError extends Error {
  override readonly name = 'UnsupportedError';
  readonly code = 'ERR_UNSUPPORTED';
  /** Who lacks it. */
  readonly source: string;
  /** What is lacking. */
  readonly capability: string;

  constructor(source: string, capability: string, advice?: string) {
    super(`${source} does not offer ${capability}${advice === undefined ? '' : `: ${advice}`}`);
    this.source = source;
    this.capability = capability;
  }
}

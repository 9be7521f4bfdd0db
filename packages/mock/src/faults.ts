import type { Call } from './call.ts';
import { bodyText, fields, integer, oneOf, text } from './check.ts';
import { oauthRefusal, type Reply, uapiRefusal } from './reply.ts';

/** The next calls that are to fail, and how. Without `kisCode`, `status` and `body` the call is done as usual, and only its answer is `cut`. */
export interface FailNext {
  /** So many calls; 0 takes back all that was ordered before. */
  readonly count: number;
  /** Only calls of this path, or of one that ends with it. */
  readonly path?: string | undefined;
  /** Only calls with this `tr_id`. */
  readonly trId?: string | undefined;
  /** KIS: `msg_cd`, or `error_code` on an oauth path. */
  readonly kisCode?: string | undefined;
  /** HTTP. Default: what KIS sends with the code. */
  readonly status?: number | undefined;
  /** Sent as it is, instead of KIS's JSON; an object as JSON. */
  readonly body?: string | object | undefined;
  /**
   * `'before'`: the socket closes and nothing is done. `'after'`: the call is done (a token is issued) and then the socket closes.
   * `'never-ends'`: the headers and a part of the body come, then nothing more.
   */
  readonly cut?: 'before' | 'after' | 'never-ends' | undefined;
}

/** Read: its body is the text that is sent. */
export interface FaultOrder extends FailNext {
  readonly body: string | undefined;
}

/** What is to happen to one call. */
interface Fault {
  readonly cut: FailNext['cut'];
  /** Instead of the call's own. */
  readonly reply: Reply | undefined;
}

export interface Faults {
  order(failNext: FaultOrder, appKey: string | undefined): void;
  /** The fault that is due for this call, counted down. */
  take(call: Call): Fault | undefined;
}

export function createFaults(): Faults {
  let orders: { readonly failNext: FaultOrder; readonly appKey: string | undefined; left: number }[] = [];
  return {
    order(failNext, appKey) {
      orders = failNext.count === 0 ? [] : [...orders, { failNext, appKey, left: failNext.count }];
    },
    take(call) {
      const due = orders.find(
        ({ failNext, appKey }) =>
          (appKey ?? call.appKey) === call.appKey &&
          call.path.endsWith(failNext.path ?? '') &&
          (failNext.trId ?? call.trId) === call.trId,
      );
      if (!due) return undefined;
      due.left -= 1;
      if (due.left === 0) orders = orders.filter((order) => order !== due);
      return { cut: due.failNext.cut, reply: replyOf(due.failNext, call) };
    },
  };
}

function replyOf({ kisCode, status, body }: FaultOrder, call: Call): Reply | undefined {
  if (kisCode === undefined && status === undefined && body === undefined) return undefined;
  const refusal = call.path.startsWith('/oauth2/') ? oauthRefusal : (code: string) => uapiRefusal(code);
  const usual = kisCode === undefined ? { status: 500, body: '', kisCode: '' } : refusal(kisCode);
  return {
    kisCode: usual.kisCode,
    status: status ?? usual.status,
    body: body ?? usual.body,
  };
}

/** Throws a TypeError or RangeError that names the bad field. */
export function readFailNext(given: unknown): FaultOrder {
  const { count, path, trId, kisCode, status, body, cut } = fields('failNext', given, [
    'count',
    'path',
    'trId',
    'kisCode',
    'status',
    'body',
    'cut',
  ]);
  const failNext: FaultOrder = {
    count: integer('failNext.count', count, 0),
    path: path === undefined ? path : text('failNext.path', path),
    trId: trId === undefined ? trId : text('failNext.trId', trId),
    kisCode: kisCode === undefined ? kisCode : text('failNext.kisCode', kisCode),
    status: status === undefined ? status : integer('failNext.status', status, 200, 599),
    body: body === undefined ? body : bodyText('failNext.body', body),
    cut: cut === undefined ? cut : oneOf('failNext.cut', cut, ['before', 'after', 'never-ends']),
  };
  const does = [kisCode, status, body, cut].some((value) => value !== undefined);
  if (!does && failNext.count > 0) {
    throw new TypeError('mock: `failNext` must say how to fail: `kisCode`, `status`, `body` or `cut`');
  }
  return failNext;
}

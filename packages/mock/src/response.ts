import type { Call } from './call.ts';
import { type Random, randomHex } from './random.ts';
import type { Reply } from './reply.ts';

/** The reply as KIS sends it: whole, with its length; or, when it never ends, headers and half of the body. */
export function createResponse(
  reply: Reply,
  call: Call,
  options: { readonly nowMs: number; readonly random: Random; readonly neverEnds: boolean },
): Response {
  const bytes = typeof reply.body === 'string' ? Buffer.from(reply.body) : reply.body;
  const headers: Record<string, string> = {
    'content-type': reply.contentType ?? 'application/json; charset=utf-8',
    'content-length': String(bytes.length),
    date: new Date(options.nowMs).toUTCString(),
  };
  if (call.path.startsWith('/uapi/')) {
    headers.tr_id = call.trId;
    headers.tr_cont = reply.trCont ?? '';
    headers.gt_uid = call.headers.get('gt_uid') ?? randomHex(options.random, 32);
  }
  if (options.neverEnds) return new Response(firstHalf(bytes, call.signal), { status: reply.status, headers });
  const mayHaveBody = reply.status !== 204 && reply.status !== 205 && reply.status !== 304;
  if (!mayHaveBody) delete headers['content-length'];
  return new Response(mayHaveBody ? bytes : null, { status: reply.status, headers });
}

/** What is at the root: nothing but the `Date` of every reply. */
export function createGreeting(nowMs: number): Response {
  return new Response(null, { status: 404, headers: { 'content-length': '0', date: new Date(nowMs).toUTCString() } });
}

function firstHalf(bytes: Uint8Array, signal: AbortSignal): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      controller.enqueue(bytes.subarray(0, Math.ceil(bytes.length / 2)));
      signal.addEventListener('abort', () => controller.error(signal.reason), { once: true });
    },
  });
}

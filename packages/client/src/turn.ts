import type { ExecuteOptions } from '@kis/ratelimit';
import type { KisRequest } from './transport.ts';

/** Whether it is about an account, or its orders. */
export function isTrading({ path }: KisRequest): boolean {
  return path.includes('/trading/');
}

/** How a call stands in a queue. */
export function turnOf(request: KisRequest): ExecuteOptions {
  const { method, attempt, signal } = request;
  const ofTrading = method === 'POST' ? 'order' : 'account';
  return { signal, priority: isTrading(request) ? ofTrading : 'quote', isRepeat: attempt > 1 };
}

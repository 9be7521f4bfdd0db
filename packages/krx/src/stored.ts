import type { Answer, Ask } from './api.ts';
import { withDeadline } from './deadline.ts';
import type { EventSink } from './events.ts';
import type { Clock, KrxStore } from './ports.ts';
import { readRows } from './read-rows.ts';

/** How long a store may take: no more than KRX itself. */
const longestMs = 2_000;

/** Asks the store before KRX, and gives it every day of which there is something. What goes wrong there costs a call. */
export function createStoredAsk(
  ask: Ask,
  options: { readonly store: KrxStore | undefined; readonly clock: Clock; readonly onEvent: EventSink },
): Ask {
  const { store, clock, onEvent } = options;
  if (store === undefined) return ask;

  const attempt = async <T>(task: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await withDeadline(clock, longestMs, task);
    } catch (error) {
      onEvent({ type: 'store-failed', error });
      return undefined;
    }
  };

  return async (service, date): Promise<Answer> => {
    const key = `krx:${service}:${date}`;
    const stored = await attempt(async () => {
      const body = await store.get(key);
      return typeof body === 'string' ? { body, rows: readRows(body, date) } : undefined;
    });
    if (stored !== undefined) return stored;
    const answer = await ask(service, date);
    if (answer.rows.length > 0) void attempt(async () => store.set(key, answer.body));
    return answer;
  };
}

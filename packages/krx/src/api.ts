import type { Budget } from './budget.ts';
import { KrxError } from './errors.ts';
import type { EventSink } from './events.ts';
import type { Http } from './http.ts';
import type { Clock } from './ports.ts';
import { readRows } from './read-rows.ts';
import type { Row } from './row.ts';

/** What KRX says of a day: the rows, and the text in which they came. */
export interface Answer {
  readonly rows: readonly Row[];
  readonly body: string;
}

export type Ask = (service: string, date: string) => Promise<Answer>;

const mostRepeats = 2;
const longestFirstPauseMs = 500;
/** How long it is remembered that the key may not have a service. */
const refusedForMs = 600_000;

/** Asks KRX within the budget, and again after failures that pass. */
export function createAsk(options: {
  readonly http: Http;
  readonly budget: Budget;
  readonly clock: Clock;
  readonly onEvent: EventSink;
  /** @throws KrxError when the source is closed. */
  assertOpen(): void;
}): Ask {
  const { http, budget, clock, onEvent, assertOpen } = options;
  const refusals = new Map<string, { readonly untilMs: number; readonly message: string }>();

  async function once(service: string, date: string): Promise<Answer> {
    assertOpen();
    budget.spend();
    const body = await http.get(service, date);
    const rows = readRows(body, date);
    onEvent({ type: 'call', service, date, rows: rows.length, callsLeft: budget.left });
    return { rows, body };
  }

  return async (service, date) => {
    const refusal = refusals.get(service);
    if (refusal !== undefined && clock.nowMs() < refusal.untilMs) {
      throw new KrxError('unauthorized', refusal.message, { status: 401 });
    }
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await once(service, date);
      } catch (error) {
        if (error instanceof KrxError && error.reason === 'unauthorized') {
          refusals.set(service, { untilMs: clock.nowMs() + refusedForMs, message: error.message });
        }
        if (attempt > mostRepeats || !isPassing(error)) throw error;
        const waitMs = Math.random() * longestFirstPauseMs * 2 ** (attempt - 1);
        onEvent({ type: 'retry', service, date, attempt, waitMs, error });
        await new Promise<void>((resolve) => clock.setTimer(waitMs, resolve));
      }
    }
  };
}

/** Broken connections and failures of the server; not what has taken all the time that there was. */
function isPassing(error: unknown): boolean {
  if (!(error instanceof KrxError)) return false;
  if (error.reason === 'refused') return (error.status ?? 0) >= 500;
  return error.reason === 'network' && !(error.cause instanceof Error && error.cause.name === 'TimeoutError');
}

import type { CurrentPrice } from '@kis/client';
import type { Account } from '../accounts/account.ts';

type Quote = Omit<CurrentPrice, 'raw'>;

/** The quotes of the dashboard, read while somebody looks. */
export interface Board {
  /** Reads once more if that is due. Never rejects. */
  tick(): void;
  readonly last: { readonly atMs: number; readonly quotes: readonly Quote[] } | undefined;
}

const EVERY_MS = { real: 2_000, virtual: 15_000 } as const;
/** After a failure KIS is left alone for longer. */
const AFTER_FAILURE_MS = 15_000;

export function createBoard(options: {
  readonly account: Account;
  readonly codes: readonly string[];
  readonly closing: AbortSignal;
  readonly onQuotes: () => void;
  readonly onError: (error: unknown) => void;
}): Board {
  const { account, codes, closing, onQuotes, onError } = options;
  const { client } = account;
  // Thirty to a call, and on the virtual host a call each of a budget of one a second.
  const read = client.environment === 'real' ? codes : codes.slice(0, 4);
  let last: Board['last'];
  let [isReading, nextMs] = [false, 0];

  async function update(): Promise<void> {
    isReading = true;
    let failed = false;
    try {
      const {
        success,
        failed: failures,
        stoppedBy,
      } = await client.getCurrentPrices(read, { signal: closing, withName: true });
      const quotes = [...success.values()].map(({ raw, ...quote }) => quote);
      for (const error of [...failures.values(), ...(stoppedBy === undefined ? [] : [stoppedBy])].slice(0, 1)) {
        failed = true;
        if (!closing.aborted) onError(error);
      }
      if (quotes.length > 0) {
        last = { atMs: Date.now(), quotes };
        onQuotes();
      }
    } finally {
      isReading = false;
      nextMs = performance.now() + (failed ? AFTER_FAILURE_MS : EVERY_MS[client.environment]);
    }
  }

  return {
    get last() {
      return last;
    },
    tick() {
      if (isReading || performance.now() < nextMs || closing.aborted) return;
      update().catch(onError);
    },
  };
}

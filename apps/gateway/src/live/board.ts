import type { CurrentPrice } from '@kis/client';
import type { Account } from '../accounts/account.ts';

type Quote = Omit<CurrentPrice, 'raw'>;

/** The quotes of the dashboard, read while somebody looks. */
export interface Board {
  /** Reads once more if that is due. Never rejects. */
  tick(): void;
  /** What is known, in the order of the codes; `atMs` is when the oldest of it was read. */
  readonly last: { readonly atMs: number; readonly quotes: readonly Quote[] } | undefined;
}

/** Real: one call for thirty. Virtual: a call each, of a budget of one a second, so that all have their turn in time. */
const PER_READ = { real: 30, virtual: 4 } as const;
const EVERY_MS = { real: 2_000, virtual: 15_000 } as const;
/** After a failure KIS is left alone for longer. */
const AFTER_FAILURE_MS = 15_000;

export function createBoard(options: {
  readonly account: { readonly client: Pick<Account['client'], 'environment' | 'getCurrentPrices'> };
  readonly codes: readonly string[];
  readonly closing: AbortSignal;
  readonly onQuotes: () => void;
  readonly onError: (error: unknown) => void;
  readonly monotonicMs?: (() => number) | undefined;
}): Board {
  const { account, codes, closing, onQuotes, onError, monotonicMs = () => performance.now() } = options;
  const { client } = account;
  const perRead = PER_READ[client.environment];
  const known = new Map<string, { readonly atMs: number; readonly quote: Quote }>();
  let [isReading, nextMs, from] = [false, 0, 0];

  async function update(): Promise<void> {
    isReading = true;
    let failed = false;
    try {
      const wanted = codes.slice(from, from + perRead);
      from = from + perRead < codes.length ? from + perRead : 0;
      const read = await client.getCurrentPrices(wanted, { signal: closing, withName: true });
      const errors = [...read.failed.values(), ...(read.stoppedBy === undefined ? [] : [read.stoppedBy])];
      for (const error of errors.slice(0, 1)) {
        failed = true;
        if (!closing.aborted) onError(error);
      }
      const atMs = Date.now();
      for (const [code, { raw, ...quote }] of read.success) known.set(code, { atMs, quote });
      if (read.success.size > 0) onQuotes();
    } finally {
      isReading = false;
      nextMs = monotonicMs() + (failed ? AFTER_FAILURE_MS : EVERY_MS[client.environment]);
    }
  }

  return {
    get last() {
      const found = codes.flatMap((code) => known.get(code) ?? []);
      if (found.length === 0) return undefined;
      return { atMs: Math.min(...found.map(({ atMs }) => atMs)), quotes: found.map(({ quote }) => quote) };
    },
    tick() {
      if (isReading || monotonicMs() < nextMs || closing.aborted) return;
      update().catch(onError);
    },
  };
}

import type { Quote } from '../../../src/live/events.ts';
import type { Gateway } from '../live/gateway.ts';
import type { Candle } from './candle.ts';
import { followQuote, type Period } from './follow-quote.ts';

const COUNT = 120;
/** Between two readings of one chart: quotes carry it on, but they do not mend what was missed. */
const RENEW_MS = 300_000;
const RETRY_MS = 10_000;

interface Chart {
  readonly code: string;
  readonly account: string | undefined;
  readonly period: Period;
}

/** The candles of one chart: read from the gateway, carried on by quotes, and read anew now and then. */
export interface CandleFeed {
  /** Newest first. Those of the chart before stay until the chosen one's are there. */
  readonly candles: readonly Candle[];
  /** Which chart they are of. */
  readonly shown: Chart | undefined;
  /** Why the chosen one could not be read. */
  readonly trouble: string | undefined;
  readonly isReading: boolean;
  choose(chart: Chart): void;
  follow(quote: Quote): void;
  renew(): void;
}

export function createCandleFeed(options: {
  readonly gateway: Gateway;
  readonly onChange: (change: { readonly isAnother: boolean }) => void;
}): CandleFeed {
  const { gateway, onChange } = options;
  let candles: readonly Candle[] = [];
  let [chosen, shown]: [Chart | undefined, Chart | undefined] = [undefined, undefined];
  let before: Quote | undefined;
  let trouble: string | undefined;
  let reading: AbortController | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function read(): Promise<void> {
    if (chosen === undefined) return;
    reading?.abort();
    clearTimeout(timer);
    const [mine, { code, ...query }] = [new AbortController(), chosen];
    reading = mine;
    try {
      const response = await gateway.get(`/v1/charts/${code}`, { ...query, count: COUNT }, mine.signal);
      const body = (await response.json()) as { candles: readonly Candle[] };
      if (reading === mine) end(body.candles, undefined);
    } catch (error) {
      // What is shown already may stay when it cannot be renewed.
      if (reading === mine)
        end(shown === chosen ? candles : [], error instanceof Error ? error.message : String(error));
    }
  }

  function end(next: readonly Candle[], error: string | undefined): void {
    const isAnother = shown !== chosen;
    reading = undefined;
    trouble = next.length > 0 ? undefined : error;
    [candles, shown] = [next, error !== undefined && isAnother ? undefined : chosen];
    timer = setTimeout(renew, error === undefined ? RENEW_MS : RETRY_MS);
    onChange({ isAnother });
  }

  function renew(): void {
    if (document.hidden) timer = setTimeout(renew, RETRY_MS);
    else void read();
  }

  return {
    get candles() {
      return candles;
    },
    get shown() {
      return shown;
    },
    get trouble() {
      return trouble;
    },
    get isReading() {
      return reading !== undefined;
    },
    choose(chart) {
      chosen = chart;
      before = undefined;
      trouble = undefined;
      void read();
    },
    follow(quote) {
      if (shown === undefined || shown !== chosen || quote === before || quote.stockCode !== shown.code) return;
      const followed = followQuote(candles, { quote, before, period: shown.period });
      const isNewSession = before !== undefined && quote.volume < before.volume;
      before = quote;
      if (isNewSession) renew();
      if (followed === candles) return;
      candles = followed;
      onChange({ isAnother: false });
    },
    renew,
  };
}

import { type CurrentPrice, type MarketData, type StockInfo, UnsupportedError } from '@kis/client';
import { createAsk } from './api.ts';
import { createBudget } from './budget.ts';
import { checkChart, getChart } from './chart.ts';
import { getCurrentPrice } from './current-price.ts';
import { createDays } from './days.ts';
import { KrxError } from './errors.ts';
import { createHttp } from './http.ts';
import { createLocate } from './locate.ts';
import { checkOptions, type KrxSourceOptions } from './options.ts';
import { checkStockCode } from './stock-code.ts';
import { getStockInfo } from './stock-info.ts';
import { createStoredAsk } from './stored.ts';
import { untilAborted } from './until-aborted.ts';

/**
 * Market data of the Korea Exchange: what it has published of each session, the next morning.
 *
 * Its methods reject with `KrxError`, whose `reason` says why, with `UnsupportedError` for what KRX does not have, and with
 * `signal.reason`, which leaves to others what they wait for, too.
 *
 * @throws TypeError, RangeError naming the option that is wrong.
 */
export function createKrxSource(options: KrxSourceOptions): MarketData {
  const checked = checkOptions(options);
  const { clock, callsPerDay, days: capacity } = checked;
  const nowMs = (): number => clock.nowMs();

  let closing: Promise<void> | undefined;
  const assertOpen = (): void => {
    if (closing !== undefined) throw new KrxError('closed', 'The KRX source is closed');
  };

  const http = createHttp(checked);
  const ask = createAsk({ ...checked, http, budget: createBudget(callsPerDay, nowMs), assertOpen });
  const days = createDays({ ask: createStoredAsk(ask, checked), capacity, nowMs });
  const locate = createLocate(days);

  const close = (): Promise<void> => {
    closing ??= http.close();
    return closing;
  };

  return {
    source: 'KRX',
    async getCurrentPrice(code, { signal } = {}): Promise<CurrentPrice> {
      const stockCode = checkStockCode(code);
      assertOpen();
      return untilAborted(() => getCurrentPrice(locate, stockCode), signal);
    },
    async getOrderBook(code) {
      checkStockCode(code);
      throw new UnsupportedError('KRX', 'order books');
    },
    async getChart(code, options) {
      const stockCode = checkStockCode(code);
      const chart = checkChart(options);
      assertOpen();
      return untilAborted(() => getChart({ days, locate }, stockCode, chart), chart.signal);
    },
    async getStockInfo(code, { signal } = {}): Promise<StockInfo> {
      const stockCode = checkStockCode(code);
      assertOpen();
      return untilAborted(() => getStockInfo(locate, stockCode), signal);
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

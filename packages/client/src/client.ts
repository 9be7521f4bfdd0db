import { createKisIssuer, createTokenManager, type KisEnvironment, type TokenManager, tokenKey } from '@kis/token-core';
import { createAttempt } from './attempt.ts';
import { type Batches, createBatches } from './batch/batches.ts';
import { createCachedQuotes } from './cache/cached-quotes.ts';
import { createQuoteCache } from './cache/quote-cache.ts';
import { createWarmStreams } from './cache/warm-streams.ts';
import { createWarming, type Warming } from './cache/warming.ts';
import { type OnSent, startCount } from './call-count.ts';
import { createCalls, type KisCalls } from './calls.ts';
import type { Candle } from './candle.ts';
import { type ChartOptions, getChart } from './chart.ts';
import { type CurrentPrice, getCurrentPrice } from './current-price.ts';
import { chooseTrId } from './endpoint.ts';
import { KisNetworkError } from './errors.ts';
import { createHttp, type Http } from './http.ts';
import { createIssuerFetch } from './issuer-fetch.ts';
import { isMarketDay } from './market/market-hours.ts';
import type { MarketData } from './market-data.ts';
import { createNames } from './names.ts';
import { checkOptionNames } from './option-names.ts';
import { type CheckedOptions, checkOptions, type KisClientOptions } from './options.ts';
import { getOrderBook, type OrderBook } from './order-book.ts';
import { createParams } from './params.ts';
import { createPolicies } from './policies.ts';
import type { QuoteOptions, Request } from './request.ts';
import { createRetry } from './retry.ts';
import { createSend } from './send.ts';
import { getStockInfo, type StockInfo } from './stock-info.ts';
import { addStockName, type PriceOptions } from './stock-name.ts';
import { createFiles } from './symbols/files.ts';
import type { Transport } from './transport.ts';

/**
 * Market data of KIS on one token and one rate budget.
 *
 * Its methods reject with `KisApiError` when KIS refuses, `KisResponseError` when its answer cannot be read,
 * `KisNetworkError` when there is none, `TokenIssueError` or `TokenStorageError` when no token can be had,
 * `RateLimitError` and `CircuitOpenError` when the call was not sent, `UnsupportedError` when KIS's host does not offer it,
 * and with `signal.reason`.
 */
export interface KisClient extends MarketData, KisCalls, Batches, Warming {
  /** `'KIS'`. */
  readonly source: string;
  /** The world that it talks to. */
  readonly environment: KisEnvironment;
  /** The token in use: `client.tokens.status()`. */
  readonly tokens: TokenManager;
  /** By a stock's code: 6 digits or capital letters, or `Q` and 6 for an ETN. Rejects with TypeError for any other. */
  getCurrentPrice(code: string, options?: PriceOptions): Promise<CurrentPrice>;
  getOrderBook(code: string, options?: QuoteOptions): Promise<OrderBook>;
  /** Newest first. Rejects with UnsupportedError for more minutes than a session has on the virtual host. */
  getChart(code: string, options: ChartOptions): Promise<Candle[]>;
  /** What a stock is: its name, its market, what it does. */
  getStockInfo(code: string, options?: QuoteOptions): Promise<StockInfo>;
  /** Anything else: `client.request({ method: 'GET', path: '/uapi/…', trId: '…' }, { … })`. */
  request: Request;
  /** Closes what the client made, and leaves what it was given. Calls that wait are rejected; those under way end first. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Makes a client of the KIS Open API.
 *
 * @throws TypeError, RangeError naming the option that is wrong.
 */
export function createKisClient(options: KisClientOptions): KisClient {
  checkOptionNames(options);
  const checked = checkOptions(options);
  const { environment, baseUrl, onEvent } = checked;
  const { origin } = new URL(baseUrl);
  const http = createHttp({ ...checked, origin });
  const tokens = options.tokens ?? createTokens(checked, http);
  const clock = tokens.clock ?? checked.clock;
  const learn = (serverDateMs: number, sinceMs: number) => tokens.clock?.learn(serverDateMs, sinceMs);

  const closing = new AbortController();
  let closed: Promise<void> | undefined;
  const createClosedError = () => new KisNetworkError('The client is closed', { mayHaveArrived: false });
  const assertOpen = () => {
    if (closing.signal.aborted) throw createClosedError();
  };

  const policies = createPolicies(checked, clock);
  const send = createSend({ ...checked, origin, http, clock, learn });
  const attempt = createAttempt({ ...policies, tokens, clock, send, assertOpen });
  const { rateLimiter, breaker, hasOwnLimiter } = policies;
  const retry = createRetry({ ...checked.retry, hasOwnLimiter, clock, breaker, closing: closing.signal, onEvent });
  const transport = [...checked.use, retry].reduceRight<Transport>((next, layer) => layer(next), attempt);

  const createRequest =
    (onSent: OnSent): Request =>
    async (endpoint, params = {}, { signal, trCont = '' } = {}) => {
      const trId = chooseTrId(endpoint, environment);
      const { method, path } = endpoint;
      const sent = createParams(method, params);
      assertOpen();
      signal?.throwIfAborted();
      return transport(startCount({ method, path, trId, params: sent, trCont, attempt: 1, signal }, onSent));
    };
  const request = createRequest(() => {});

  const times = { nowMs: () => clock.nowMs(), monotonicMs: () => clock.monotonicMs() };
  const quotes = { environment, request, names: createNames(), ...times };
  const whileOpen = { clock, assertOpen, closing: closing.signal, onEvent };
  const cache = createQuoteCache({ ...whileOpen, settings: checked.cache, key: tokenKey(checked) });
  const cached = createCachedQuotes(cache, {
    getCurrentPrice: (code, options) => getCurrentPrice(request, code, options),
    getOrderBook: (code, options) => getOrderBook(request, code, options),
    getChart: (code, options) => getChart(quotes, code, options),
    getStockInfo: (code, options) => getStockInfo(quotes, code, options),
  });
  const ofBatches = { ...quotes, ...whileOpen, createRequest, rateLimiter, breaker, cache };
  const batches = createBatches(ofBatches);
  const streams = options.cache ? createWarmStreams(ofBatches) : undefined;
  const files = createFiles({ ...checked, ...whileOpen });
  const calls = createCalls(quotes, files);
  const warming = createWarming({
    ...whileOpen,
    streams,
    maxEntries: cache.maxEntries,
    isMarketDay: environment === 'real' ? (date, signal) => isMarketDay(calls.getHolidays, date, signal) : undefined,
  });

  async function end(): Promise<void> {
    closing.abort(createClosedError());
    const policiesClosed = policies.close();
    try {
      if (options.tokens === undefined) await tokens.close();
    } finally {
      await http.close();
      await policiesClosed;
      await files.close();
      await cache.close();
    }
  }

  const close = () => {
    closed ??= end();
    return closed;
  };

  return {
    source: 'KIS',
    environment,
    tokens,
    request,
    ...cached,
    ...calls,
    ...batches,
    ...warming,
    getCurrentPrice: async (code, options) =>
      addStockName(quotes, await cached.getCurrentPrice(code, options), options),
    close,
    [Symbol.asyncDispose]: close,
  };
}

function createTokens(options: CheckedOptions, http: Http): TokenManager {
  const { appKey, appSecret, environment, baseUrl, storage, clock, onEvent } = options;
  const keys = { appKey, appSecret, environment, baseUrl };
  return createTokenManager({
    ...keys,
    storage,
    issuer: createKisIssuer({ ...keys, fetch: createIssuerFetch(http) }),
    clock,
    onEvent: (event) => onEvent({ type: 'token', event }),
  });
}

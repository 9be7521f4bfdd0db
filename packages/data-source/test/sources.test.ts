import type { MarketData } from '@kis/client';
import { createFakeKis } from '@kis/mock';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { createDataSource, type DataSourceOptions } from '../src/index.ts';
import { loadPeer } from '../src/load-peer.ts';

async function open(options: DataSourceOptions) {
  const data = await createDataSource({ env: {}, ...options });
  onTestFinished(() => data.close());
  return data;
}

describe('the mock', () => {
  test('needs no key, no server and no network', async () => {
    const data = await open({});
    expect(data).toMatchObject({ type: 'mock', source: 'mock' });
    const { currentPrice } = await data.getCurrentPrice('005930');
    const { bestAsk } = await data.getOrderBook('005930');
    const candles = await data.getChart('005930', { period: 'day', count: 5 });
    const { stockName } = await data.getStockInfo('005930');
    expect([currentPrice > 0, bestAsk > 0, candles.length, stockName]).toEqual([true, true, 5, '삼성전자']);
  });

  test('takes the options of createFakeKis', async () => {
    const data = await open({ mock: { symbols: 1, environment: 'virtual' } });
    expect((await data.getCurrentPrice('005930')).currentPrice).toBeGreaterThan(0);
    await expect(data.getCurrentPrice('000660')).rejects.toMatchObject({ code: 'ERR_KIS_API' });
  });
});

describe('KIS', () => {
  const env = { KIS_APP_KEY: 'PSdatasource', KIS_APP_SECRET: 'testsecret+/=', KIS_USE_VIRTUAL_SERVER: 'false' };

  test('is the client, by the environment and by options that count more', async () => {
    const fake = createFakeKis({ symbols: 1 });
    const storage = { read: async () => undefined, compareAndSet: async () => '1', delete: async () => {} };
    const data = await open({ env, kis: { dispatcher: fake.dispatcher, storage } });
    expect(data).toMatchObject({ type: 'kis', source: 'KIS', reason: 'KIS_APP_KEY is set' });
    await data.getCurrentPrice('005930');
    expect(fake.log()).toMatchObject({ tokenRequests: 1, calls: 1 });
  });

  test('with half of its keys is an error that names the other half, and not the mock', async () => {
    const half = open({ env: { KIS_APP_KEY: 'PSdatasource' } });
    await expect(half).rejects.toThrow(/KIS_APP_SECRET is missing/);
  });
});

describe('the Korea Exchange', () => {
  test('without a key is an error that names the variable', async () => {
    const error = new TypeError('data-source: the source `krx` (`type` says so) needs KRX_API_KEY');
    await expect(open({ type: 'krx' })).rejects.toThrow(error);
  });

  test('is opened when its key is there', async () => {
    const data = await open({ env: { KRX_API_KEY: 'testsecret+/=' } });
    expect(data).toMatchObject({ type: 'krx', source: 'KRX' });
    await expect(data.getOrderBook('005930')).rejects.toMatchObject({ code: 'ERR_UNSUPPORTED', source: 'KRX' });
  });
});

describe("a source of one's own", () => {
  function createBroker() {
    const close = vi.fn(async () => {});
    class Broker implements MarketData {
      readonly source = 'broker';
      readonly getOrderBook = vi.fn();
      readonly getChart = vi.fn();
      readonly getStockInfo = vi.fn();
      readonly #price = 7;
      async getCurrentPrice(): Promise<never> {
        return { currentPrice: this.#price } as never;
      }
      close = close;
      [Symbol.asyncDispose] = close;
    }
    return { close, open: async () => new Broker() };
  }

  test('is opened by its name, asked with its own `this`, and closed', async () => {
    const broker = createBroker();
    const data = await createDataSource({ type: 'broker', sources: { broker }, env: {} });
    expect(data).toMatchObject({ type: 'broker', source: 'broker' });
    expect((await data.getCurrentPrice('005930')).currentPrice).toBe(7);
    await data.close();
    expect(broker.close).toHaveBeenCalledTimes(1);
  });

  test('is known to no other call', async () => {
    await open({ type: 'broker', sources: { broker: createBroker() } });
    const message = 'data-source: there is no source `broker` (`type` says so); there are: kis, krx, mock';
    await expect(open({ type: 'broker' })).rejects.toThrow(new TypeError(message));
  });

  test('is not opened without the variables that it needs', async () => {
    const broker = { ...createBroker(), needs: ['BROKER_KEY', 'BROKER_SECRET'] };
    const opening = open({ type: 'broker', sources: { broker }, env: { BROKER_KEY: 'testsecret+/=' } });
    await expect(opening).rejects.toThrow('the source `broker` (`type` says so) needs BROKER_SECRET');
  });

  test.each(['toString', '__proto__', 'constructor'])('called %s is none unless it was given', async (type) => {
    await expect(open({ type })).rejects.toThrow('there is no source');
  });
});

describe('a package that is not there', () => {
  test.each([
    ['ERR_MODULE_NOT_FOUND', "Cannot find package '@kis/krx' imported from /app"],
    ['MODULE_NOT_FOUND', "Cannot find module '@kis/krx'"],
  ])('is one line that says what to install (%s)', async (code, message) => {
    const load = () => Promise.reject(Object.assign(new Error(message), { code }));
    const line = 'data-source: the source `krx` needs @kis/krx: npm install @kis/krx';
    await expect(loadPeer('@kis/krx', 'krx', load)).rejects.toThrow(new Error(line));
  });

  test('is not said of one that is there and fails', async () => {
    const failure = new Error('of the module');
    await expect(loadPeer('@kis/krx', 'krx', () => Promise.reject(failure))).rejects.toBe(failure);
  });
});

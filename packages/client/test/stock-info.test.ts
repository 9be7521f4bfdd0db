import { createFakeKis } from '@kis/mock';
import { createRateLimiter } from '@kis/ratelimit';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createKisClient, KisApiError } from '../src/index.ts';
import { appKey, appSecret, ok, refusal, startClient } from './harness.ts';
import { dailyChart, price, stockInfo } from './recorded.ts';

/** Whose own limiter would let a second pass between two calls. */
const onVirtual = () => ({ environment: 'virtual', rateLimiter: createRateLimiter({ limit: 1_000 }) }) as const;

describe('what a stock is', () => {
  test('comes from one call', async () => {
    const { client, calls } = await startClient(() => ({ body: stockInfo }));
    expect(await client.getStockInfo('000660')).toEqual({
      stockCode: '000660',
      stockName: 'SK하이닉스',
      market: 'KOSPI',
      sector: '전기,전자',
      industry: '반도체 제조업',
      listedShares: 728_002_365,
      faceValue: 5_000,
      raw: stockInfo,
    });
    expect(calls.map(({ headers, query }) => [headers.tr_id, query])).toEqual([
      ['CTPF1002R', { PRDT_TYPE_CD: '300', PDNO: '000660' }],
    ]);
  });

  test('on the virtual host, which lacks that call, is told by the price and the chart', async () => {
    const { client, calls } = await startClient(
      ({ path }) => ({ body: path.endsWith('inquire-price') ? price : dailyChart }),
      onVirtual(),
    );
    expect(await client.getStockInfo('000660')).toEqual({
      stockCode: '000660',
      stockName: 'SK하이닉스',
      market: 'KOSPI',
      sector: '전기.전자',
      listedShares: 728_002_365,
      faceValue: 5_000,
      raw: price,
    });
    expect(calls.map(({ headers }) => headers.tr_id)).toEqual(['FHKST01010100', 'FHKST03010100']);
  });

  test.each([
    ['STK', 'KOSPI'],
    ['KSQ', 'KOSDAQ'],
    ['KNX', 'KONEX'],
  ])('knows the market by its code: %s is %s', async (mket_id_cd, market) => {
    const output = { ...(stockInfo.output as object), mket_id_cd };
    const { client } = await startClient(() => ok({ output }));
    expect(await client.getStockInfo('000660')).toMatchObject({ market });
  });

  test.each([
    ['KOSPI200', 'KOSPI'],
    ['KOSPI', 'KOSPI'],
    ['ETF', 'KOSPI'],
    ['KSQ150', 'KOSDAQ'],
    ['KOSDAQ', 'KOSDAQ'],
    ['KONEX', 'KONEX'],
    ['코스피200', 'KOSPI'],
    ['유가증권시장', 'KOSPI'],
    ['거래소', 'KOSPI'],
    ['KRX', 'KOSPI'],
    ['코스닥150', 'KOSDAQ'],
    ['코넥스', 'KONEX'],
  ])('on the virtual host knows it by its index or exchange: %s is %s', async (rprs_mrkt_kor_name, market) => {
    const output = { ...(price.output as object), rprs_mrkt_kor_name };
    const { client } = await startClient(
      ({ path }) => (path.endsWith('inquire-price') ? ok({ output }) : { body: dailyChart }),
      onVirtual(),
    );
    expect(await client.getStockInfo('000660')).toMatchObject({ market });
  });

  test('with a market that is none of these is an error that names it', async () => {
    const { client } = await startClient(() => ok({ output: { prdt_abrv_name: 'x', mket_id_cd: 'BON' } }));
    await expect(client.getStockInfo('000660')).rejects.toMatchObject({
      code: 'ERR_KIS_RESPONSE',
      where: 'output.mket_id_cd',
      message: expect.stringContaining("'BON'"),
    });
  });

  test.each(['KRX300', '선물'])('on the virtual host %s tells no market, which costs one call', async (word) => {
    const output = { ...(price.output as object), rprs_mrkt_kor_name: word };
    const { client, calls } = await startClient(() => ok({ output }), onVirtual());
    await expect(client.getStockInfo('000660')).rejects.toMatchObject({
      code: 'ERR_KIS_RESPONSE',
      where: 'output.rprs_mrkt_kor_name',
      message: expect.stringContaining(word),
    });
    expect(calls).toHaveLength(1);
  });

  test('lacks what KIS leaves out', async () => {
    const { client } = await startClient(() => ok({ output: { prdt_abrv_name: '이름', mket_id_cd: 'KSQ', papr: '' } }));
    const info = await client.getStockInfo('000660');
    expect(info).toMatchObject({ stockName: '이름', market: 'KOSDAQ' });
    expect([info.sector, info.industry, info.listedShares, info.faceValue]).toEqual(Array(4).fill(undefined));
  });

  test('of a code that KIS does not know is the error that its price is', async () => {
    const refused = await startClient(() => refusal('KIER2620', 200, '조회할 자료가 없습니다'));
    const empty = await startClient(() => ok({ output: [] }));
    const virtual = await startClient(() => ok({ output: { stck_prpr: '0' } }), onVirtual());
    for (const { client, calls } of [refused, empty, virtual]) {
      const error = await client.getStockInfo('999999').catch((it) => it);
      expect(error).toBeInstanceOf(KisApiError);
      expect(error.message).toBe('KIS knows no stock 999999');
      expect(calls).toHaveLength(1);
    }
    await expect(refused.client.getStockInfo('999999')).rejects.toMatchObject({ kisCode: 'KIER2620' });
  });

  test.each(['real', 'virtual'] as const)(
    'of each stock of a fake KIS (%s) is what it was made of',
    async (environment) => {
      const fake = createFakeKis({ environment, symbols: 150, limit: 100_000 });
      const rateLimiter = createRateLimiter({ limit: 100_000 });
      const client = createKisClient({ appKey, appSecret, environment, dispatcher: fake.dispatcher, rateLimiter });
      onTestFinished(() => client.close());
      for (const { code, name, market, listedShares } of fake.symbols) {
        const info = await client.getStockInfo(code);
        expect(info).toMatchObject({ stockCode: code, stockName: name, market, listedShares });
      }
      await expect(client.getStockInfo('ZZZZZZ')).rejects.toMatchObject({ message: 'KIS knows no stock ZZZZZZ' });
    },
  );

  test('of what is no code is a TypeError before any call', async () => {
    const { client, calls } = await startClient(() => ({ body: stockInfo }));
    await expect(client.getStockInfo('5930')).rejects.toThrow(TypeError);
    expect(calls).toHaveLength(0);
  });
});

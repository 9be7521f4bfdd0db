import { describe, expect, test } from 'vitest';
import { caught, type Row, row, startSource } from './harness.ts';

const now = '2024-01-06T10:00:00';
const info: Row = {
  ISU_CD: 'KR7095570008',
  ISU_SRT_CD: '095570',
  ISU_NM: 'AJ네트웍스보통주',
  ISU_ABBRV: 'AJ네트웍스',
  ISU_ENG_NM: 'AJ Networks Co.,Ltd.',
  LIST_DD: '20150821',
  MKT_TP_NM: 'KOSPI',
  SECUGRP_NM: '주권',
  SECT_TP_NM: '-',
  KIND_STKCERT_TP_NM: '보통주',
  PARVAL: '1000',
  LIST_SHRS: '45252759',
};

describe('getStockInfo', () => {
  test('tells what KRX tells of an issue', async () => {
    const { source, calls } = await startSource(() => [info], now);
    expect(await source.getStockInfo('095570')).toEqual({
      stockCode: '095570',
      stockName: 'AJ네트웍스',
      market: 'KOSPI',
      listedShares: 45_252_759,
      faceValue: 1_000,
      raw: info,
    });
    expect(calls).toMatchObject([{ service: 'sto/stk_isu_base_info', date: '20240105' }]);
  });

  test('a no-par share has no face value', async () => {
    const { source } = await startSource(() => [{ ...info, PARVAL: '무액면' }], now);
    expect(await source.getStockInfo('095570')).toMatchObject({ faceValue: undefined, listedShares: 45_252_759 });
  });

  test('takes the long name where there is no short one, and needs one', async () => {
    const { source } = await startSource(
      () => [
        { ...info, ISU_ABBRV: '-' },
        { ...info, ISU_SRT_CD: '005930', ISU_ABBRV: '', ISU_NM: ' ' },
      ],
      now,
    );
    expect(await source.getStockInfo('095570')).toMatchObject({ stockName: 'AJ네트웍스보통주' });
    expect(await caught(source.getStockInfo('005930'))).toMatchObject({
      reason: 'response',
      message: "KRX's answer: expected a text in ISU_NM of 005930",
    });
  });

  test('reads that of a fund from its trades', async () => {
    const etf = row({ ISU_CD: '069500', ISU_NM: 'KODEX 200', NAV: '36250.11', MKT_NM: undefined });
    const { source, calls } = await startSource(
      ({ service }) => (service === 'etp/etf_bydd_trd' ? [JSON.parse(JSON.stringify(etf))] : [info]),
      now,
    );
    expect(await source.getStockInfo('069500')).toMatchObject({
      stockName: 'KODEX 200',
      market: 'KOSPI',
      listedShares: 45_252_759,
      faceValue: undefined,
      raw: { NAV: '36250.11' },
    });
    expect(calls.map(({ service }) => service)).toEqual([
      'sto/stk_isu_base_info',
      'sto/ksq_isu_base_info',
      'etp/etf_bydd_trd',
    ]);
  });
});

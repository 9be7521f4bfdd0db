import { describe, expect, test } from 'vitest';
import { block, type Row, rows } from './calls.ts';
import { CODES, MOMENTS, type QuestionName, quoteDeskAt, REQUIRED } from './quote-desk.ts';
import * as fields from './quote-fields.ts';

/** Name, the block of the answer, and its fields. */
const BLOCKS: readonly (readonly [QuestionName, string, readonly string[]])[] = [
  ['price2', 'output', fields.PRICE_2_FIELDS],
  ['trades', 'output', fields.TRADE_FIELDS],
  ['days', 'output', fields.DAY_FIELDS],
  ['investors', 'output', fields.INVESTOR_FIELDS],
  ['watched', 'output', fields.WATCHED_FIELDS],
  ['product', 'output', fields.PRODUCT_FIELDS],
  ['stock', 'output', fields.STOCK_FIELDS],
  ['holidays', 'output', fields.HOLIDAY_FIELDS],
  ['rank', 'output', fields.RANK_FIELDS],
  ['fund', 'output', fields.FUND_FIELDS],
  ['offers', 'output1', fields.OFFER_FIELDS],
  ['index', 'output', fields.INDEX_FIELDS],
  ['indexDays', 'output1', fields.INDEX_DAILY_HEAD_FIELDS],
  ['indexDays', 'output2', fields.INDEX_DAILY_ROW_FIELDS],
  ['indexChart', 'output1', fields.INDEX_CHART_HEAD_FIELDS],
  ['indexChart', 'output2', fields.INDEX_CHART_ROW_FIELDS],
];

const NAMES = [...new Set(BLOCKS.map(([name]) => name))];
const ON_BOTH_HOSTS: readonly QuestionName[] = ['trades', 'days', 'investors', 'indexChart'];
const IS_ARRAY: readonly QuestionName[] = ['trades', 'days', 'investors', 'watched', 'holidays', 'rank', 'offers'];

describe('a quote at home', () => {
  test.each(BLOCKS)('%s: %s has the fields of KIS’s own, in its order', async (name, blockName, expected) => {
    const answer = await (await quoteDeskAt('2026-11-20T13:07:23')).ask(name);
    expect(answer.body).toMatchObject({ rt_cd: '0' });
    const isArray = IS_ARRAY.includes(name) || blockName === 'output2';
    expect(Array.isArray(answer.body[blockName])).toBe(isArray);
    const all = isArray ? rows(answer, blockName) : [block(answer, blockName)];
    expect(all.length).toBeGreaterThan(0);
    for (const row of all) expect(Object.keys(row)).toEqual(expected);
  });

  test('says every value in a string, and no number that is none', async () => {
    const isNone = /NaN|Infinity|undefined|null|^-0(\.0+)?$|e[+-]\d/;
    const wrong: string[] = [];
    for (const time of MOMENTS) {
      const desk = await quoteDeskAt(time);
      for (const [name, blockName] of BLOCKS) {
        const isOfStock = !('FID_INPUT_ISCD' in REQUIRED[name]) || name === 'fund';
        for (const code of isOfStock ? CODES : ['0001']) {
          const { body } = await desk.ask(name, { FID_INPUT_ISCD: code, FID_INPUT_ISCD_1: code, PDNO: code });
          const found = body[blockName] as Row | readonly Row[];
          for (const [field, value] of (Array.isArray(found) ? found : [found]).flatMap(Object.entries)) {
            if (typeof value !== 'string' || isNone.test(value)) wrong.push(`${name}.${field} of ${code} at ${time}`);
          }
        }
      }
    }
    expect(wrong).toEqual([]);
  });

  test.each(NAMES)('%s is served by the hosts that KIS names', async (name) => {
    const virtual = await quoteDeskAt('2026-11-20T13:07:23', { environment: 'virtual' });
    const { body } = await virtual.ask(name);
    if (ON_BOTH_HOSTS.includes(name)) expect(body).toMatchObject({ rt_cd: '0' });
    else expect(body).toMatchObject({ rt_cd: '1', msg_cd: 'OPSQ0002' });
  });

  test.each(NAMES)('%s wants every parameter that KIS demands', async (name) => {
    const desk = await quoteDeskAt('2026-11-20T13:07:23');
    for (const param of Object.keys(REQUIRED[name])) {
      const { status, body } = await desk.ask(name, { [param]: null });
      const isPair = param.startsWith('FID_') && name === 'watched';
      expect([status, body.rt_cd, body.msg_cd]).toEqual([200, '2', 'OPSQ2001']);
      if (!isPair) expect(body.msg1).toBe(`ERROR INPUT FIELD NOT FOUND [${param}]`);
    }
  });

  test('takes what cannot be asked for a mistake in the input', async () => {
    const desk = await quoteDeskAt('2026-11-20T13:07:23');
    const mistakes: readonly (readonly [QuestionName, Readonly<Record<string, string>>])[] = [
      ['price2', { FID_COND_MRKT_DIV_CODE: 'U' }],
      ['trades', { FID_COND_MRKT_DIV_CODE: '' }],
      ['days', { FID_PERIOD_DIV_CODE: 'Y' }],
      ['days', { FID_ORG_ADJ_PRC: '2' }],
      ['watched', { FID_COND_MRKT_DIV_CODE_1: 'X' }],
      ['product', { PRDT_TYPE_CD: '' }],
      ['product', { PDNO: '0123456789012' }],
      ['stock', { PDNO: '' }],
      ['holidays', { BASS_DT: '20261131' }],
      ['rank', { FID_COND_MRKT_DIV_CODE: 'U' }],
      ['rank', { FID_COND_SCR_DIV_CODE: '20170' }],
      ['rank', { FID_BLNG_CLS_CODE: '5' }],
      ['rank', { FID_VOL_CNT: '-1' }],
      ['offers', { F_DT: '' }],
      ['offers', { T_DT: '2026-12-31' }],
      ['index', { FID_COND_MRKT_DIV_CODE: 'J' }],
      ['indexDays', { FID_INPUT_DATE_1: 'today' }],
      ['indexDays', { FID_PERIOD_DIV_CODE: 'Y' }],
      ['indexChart', { FID_INPUT_DATE_2: '' }],
      ['indexChart', { FID_PERIOD_DIV_CODE: 'd' }],
    ];
    for (const [name, params] of mistakes) {
      const { status, body } = await desk.ask(name, params);
      expect([name, params, status, body.rt_cd]).toEqual([name, params, 200, '2']);
      expect(body.msg_cd).toMatch(/^OPSQ200[12]$/);
    }
  });

  test('has zeros for a code that nobody has, and an error for what is no code', async () => {
    const desk = await quoteDeskAt('2026-11-20T13:07:23');
    expect(await desk.about('price2', '999999')).toMatchObject({ stck_prpr: '0', rprs_mrkt_kor_name: '' });
    expect(await desk.about('fund', '999999')).toMatchObject({ stck_prpr: '0', nav: '0' });
    for (const name of ['trades', 'days', 'investors'] as const) {
      expect((await desk.ask(name, { FID_INPUT_ISCD: '999999' })).body).toMatchObject({ rt_cd: '0', output: [] });
      expect((await desk.ask(name, { FID_INPUT_ISCD: 'samsung' })).body).toMatchObject({ msg_cd: 'MCA05918' });
    }
    expect((await desk.ask('index', { FID_INPUT_ISCD: '9999' })).body).toMatchObject({
      rt_cd: '0',
      output: { bstp_nmix_prpr: '0' },
    });
    expect((await desk.ask('indexChart', { FID_INPUT_ISCD: '9999' })).body).toMatchObject({ output2: [] });
    expect((await desk.ask('index', { FID_INPUT_ISCD: 'KOSPI' })).body).toMatchObject({ msg_cd: 'MCA05918' });
  });
});

import { describe, expect, test } from 'vitest';
import { createExchanges } from '../src/overseas/exchanges.ts';
import { inKorea, localTime, newYork } from '../src/overseas/zone.ts';
import { block, type Row, rows } from './calls.ts';
import { overseasDeskAt } from './overseas-desk.ts';
import { quoteDeskAt } from './quote-desk.ts';
import { PRODUCT_FIELDS } from './quote-fields.ts';

const dayOf = (date: string): number => Date.parse(date) / 86_400_000;

/** The weekdays of a year on which an exchange is closed, as MM-DD. */
function closedOn(code: string, year: number): readonly string[] {
  const venue = createExchanges().get(code)?.venue;
  const closed: string[] = [];
  for (let day = dayOf(`${year}-01-01`); day < dayOf(`${year + 1}-01-01`); day++) {
    const date = new Date(day * 86_400_000);
    const isWeekend = date.getUTCDay() === 0 || date.getUTCDay() === 6;
    if (isWeekend) expect(venue?.isSession(day)).toBe(false);
    else if (!venue?.isSession(day)) closed.push(date.toISOString().slice(5, 10));
  }
  return closed;
}

describe('an exchange abroad', () => {
  test('in America is closed on the ten holidays of New York', () => {
    const words = (text: string): readonly string[] => text.split(' ');
    expect(closedOn('NYS', 2024)).toEqual(words('01-01 01-15 02-19 03-29 05-27 06-19 07-04 09-02 11-28 12-25'));
    expect(closedOn('NAS', 2026)).toEqual(words('01-01 01-19 02-16 04-03 05-25 06-19 07-03 09-07 11-26 12-25'));
    // A New Year's Day on a Saturday is lost, and Christmas Day on a Saturday is a Friday off.
    expect(closedOn('AMS', 2022)).toEqual(words('01-17 02-21 04-15 05-30 06-20 07-04 09-05 11-24 12-26'));
    expect(closedOn('AMS', 2021)).toContain('12-24');
  });

  test('in Tokyo is closed on Japan’s holidays, with those that make up for a Sunday', () => {
    expect(closedOn('TSE', 2026)).toEqual(
      '01-01 01-02 01-12 02-11 02-23 03-20 04-29 05-04 05-05 05-06 07-20 08-11 09-21 09-22 09-23 10-12 11-03 11-23 12-31'.split(
        ' ',
      ),
    );
    expect(closedOn('TSE', 2025)).toEqual(
      '01-01 01-02 01-03 01-13 02-11 02-24 03-20 04-29 05-05 05-06 07-21 08-11 09-15 09-23 10-13 11-03 11-24 12-31'.split(
        ' ',
      ),
    );
  });

  test('opens at its own time, in New York an hour later for Korea in winter', () => {
    const korean = (date: string): number => {
      const { day, ofDayMs } = inKorea(newYork, { day: dayOf(date), ofDayMs: 9.5 * 3_600_000 });
      expect(day).toBe(dayOf(date));
      return ofDayMs / 3_600_000;
    };
    expect(['2026-03-06', '2026-03-09', '2026-10-30', '2026-11-02'].map(korean)).toEqual([23.5, 22.5, 22.5, 23.5]);
    expect(localTime(newYork, Date.parse('2026-03-08T06:59:59Z')).ofDayMs).toBe(2 * 3_600_000 - 1_000);
    expect(localTime(newYork, Date.parse('2026-03-08T07:00:00Z')).ofDayMs).toBe(3 * 3_600_000);
    expect(localTime(newYork, Date.parse('2026-11-01T05:59:59Z')).ofDayMs).toBe(2 * 3_600_000 - 1_000);
    expect(localTime(newYork, Date.parse('2026-11-01T06:00:00Z')).ofDayMs).toBe(1 * 3_600_000);
  });
});

describe('the settlement days', () => {
  const ask = async (TRAD_DT: string): Promise<readonly Row[]> => {
    const answer = await (await overseasDeskAt('2026-11-20T10:00:00')).ask('holidays', { TRAD_DT });
    expect(answer.headers.get('tr_cont')).toBe('D');
    return rows(answer, 'output');
  };

  test('name the exchanges that are open, by KIS’s product types', async () => {
    const types = async (date: string): Promise<string> => (await ask(date)).map((row) => row.prdt_type_cd).join(' ');
    expect(await types('20261120')).toBe('512 513 529 515 501 543 558 507 508 551 552');
    expect(await types('20261126')).toBe('515 501 543 558 507 508 551 552');
    expect(await types('20261121')).toBe('');
    expect(await types('20261001')).toBe('512 513 529 515 507 508');
  });

  test('are one session later in America and China and two elsewhere, and in Korea on a business day', async () => {
    const of = (all: readonly Row[], type: string): readonly (string | undefined)[] => {
      const row = all.find(({ prdt_type_cd }) => prdt_type_cd === type);
      return [row?.acpl_sttl_dt, row?.dmst_sttl_dt];
    };
    const friday = await ask('20261120');
    expect(of(friday, '512')).toEqual(['20261123', '20261124']);
    expect(of(friday, '551')).toEqual(['20261123', '20261123']);
    expect(of(friday, '515')).toEqual(['20261125', '20261125']);
    expect(of(friday, '501')).toEqual(['20261124', '20261124']);
    expect(of(await ask('20261224'), '513')).toEqual(['20261228', '20261229']);
  });
});

describe('what is known of a product abroad', () => {
  test('agrees with its price and detail', async () => {
    const desk = await overseasDeskAt('2026-11-21T01:00:00');
    for (const [type, EXCD, PDNO] of [
      ['512', 'NAS', 'TSLA'],
      ['529', 'AMS', 'SOXL'],
      ['501', 'HKS', '00941'],
      ['515', 'TSE', '9984'],
      ['508', 'HSX', 'HPG'],
    ] as const) {
      const answer = await desk.ask('info', { PRDT_TYPE_CD: type, PDNO });
      const info = block(answer, 'output');
      const detail = block(await desk.ask('detail', { EXCD, SYMB: PDNO }), 'output');
      expect(answer.body.msg_cd).toBe('KIOK0530');
      expect([info.lstg_stck_num, info.tr_crcy_cd, info.buy_unit_qty]).toEqual([detail.shar, detail.curr, detail.vnit]);
      expect(Number(info.ovrs_now_pric1)).toBe(Number(detail.last));
      expect(info.ovrs_stck_dvsn_cd === '03').toBe(detail.etyp_nm === 'ETF');
    }
  });

  test('bears the same names where products at home are asked about', async () => {
    const [home, abroad] = [await quoteDeskAt('2026-11-21T01:00:00'), await overseasDeskAt('2026-11-21T01:00:00')];
    for (const [PRDT_TYPE_CD, PDNO] of [
      ['512', 'AAPL'],
      ['513', 'BRK/B'],
      ['515', '7203'],
    ] as const) {
      const asked = { PRDT_TYPE_CD, PDNO };
      const answer = await home.ask('product', asked);
      const info = block(await abroad.ask('info', asked), 'output');
      expect(answer.body.msg_cd).toBe('KIOK0530');
      expect(Object.keys(block(answer, 'output'))).toEqual(PRODUCT_FIELDS);
      expect(answer.body.output).toMatchObject({
        pdno: PDNO,
        shtn_pdno: PDNO,
        prdt_type_cd: PRDT_TYPE_CD,
        prdt_name: info.prdt_name,
        prdt_eng_name: info.prdt_eng_name,
        std_pdno: info.std_pdno,
        prdt_clsf_cd: info.prdt_clsf_cd,
        prdt_clsf_name: info.prdt_clsf_name,
      });
    }
    for (const asked of [
      { PRDT_TYPE_CD: '512', PDNO: 'KO' },
      { PRDT_TYPE_CD: '543', PDNO: '00700' },
      { PRDT_TYPE_CD: '302', PDNO: 'AAPL' },
    ]) {
      expect((await home.ask('product', asked)).body).toMatchObject({ rt_cd: '7', msg_cd: 'KIER2620' });
    }
  });

  test('is nothing for an unknown one, and for what Hong Kong trades in other currencies', async () => {
    const desk = await overseasDeskAt('2026-11-21T01:00:00');
    for (const params of [
      { PRDT_TYPE_CD: '512', PDNO: 'KO' },
      { PRDT_TYPE_CD: '513', PDNO: '' },
      { PRDT_TYPE_CD: '543', PDNO: '00700' },
    ]) {
      expect((await desk.ask('info', params)).body).toMatchObject({ rt_cd: '7', msg_cd: 'KIER2620' });
    }
  });
});

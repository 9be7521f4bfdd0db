import { describe, expect, test } from 'vitest';
import { block, type Row, rows } from './calls.ts';
import { type OverseasDesk, type OverseasTopic, overseasDeskAt } from './overseas-desk.ts';
import { OVERSEAS_FIELDS } from './overseas-fields.ts';

const STOCKS: readonly (readonly [exchange: string, symbol: string])[] = [
  ['NAS', 'AAPL'],
  ['NYS', 'BRK/B'],
  ['AMS', 'SOXL'],
  ['HKS', '00700'],
  ['TSE', '7203'],
  ['SHS', '600519'],
  ['SZS', '002594'],
  ['HSX', 'FPT'],
  ['HNX', 'PVS'],
];

/** In Korea: an American morning, noon and night, Asian ones, the minutes around opens and closes, a weekend and holidays. */
const MOMENTS = [
  '2026-11-20T22:59:00',
  '2026-11-20T23:30:00',
  '2026-11-20T23:30:07',
  '2026-11-21T02:11:41',
  '2026-11-21T06:00:00',
  '2026-11-20T09:15:00',
  '2026-11-20T11:29:30',
  '2026-11-20T15:44:59',
  '2026-11-20T17:30:00',
  '2026-11-21T13:00:00',
  '2026-07-03T23:31:00',
  '2026-10-01T11:00:00',
];

/** All bars of the newest session. */
async function session(desk: OverseasDesk, exchange: string, symbol: string, minutes: string): Promise<readonly Row[]> {
  const all: Row[] = [];
  for (let key = ''; ; ) {
    const answer = await desk.ask('minutes', {
      EXCD: exchange,
      SYMB: symbol,
      NMIN: minutes,
      PINC: '0',
      NEXT: key && '1',
      KEYB: key,
    });
    const page = rows(answer);
    all.push(...page);
    if (block(answer, 'output1').next === '0') return all;
    key = minutesBefore(page.at(-1), Number(minutes));
  }
}

/** The key of the next page, as KIS's documents tell to make it. */
function minutesBefore(row: Row | undefined, minutes: number): string {
  const [date = '', time = ''] = [row?.xymd, row?.xhms];
  const iso = `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}T${time.slice(0, 2)}:${time.slice(2, 4)}:00Z`;
  const before = new Date(Date.parse(iso) - minutes * 60_000).toISOString();
  return before.slice(0, 19).replaceAll(/[-:T]/g, '');
}

const sum = (all: readonly Row[], name: string): number => all.reduce((total, row) => total + Number(row[name]), 0);
const numbers = (all: readonly Row[], name: string): readonly number[] => all.map((row) => Number(row[name]));

describe('the answers about exchanges abroad', () => {
  test('have every field of KIS’s documents, in their order, as strings', async () => {
    for (const time of ['2026-11-21T01:00:00', '2026-11-20T23:00:00']) {
      const desk = await overseasDeskAt(time);
      const questions: readonly (readonly [OverseasTopic, Readonly<Record<string, string>>])[] = [
        ...(['price', 'detail', 'daily', 'minutes', 'book'] as const).map(
          (topic) => [topic, { EXCD: 'NAS', SYMB: 'TSLA' }] as const,
        ),
        ['info', { PRDT_TYPE_CD: '512', PDNO: 'TSLA' }],
        ['holidays', { TRAD_DT: '20261120' }],
      ];
      for (const [topic, params] of questions) {
        const { body } = await desk.ask(topic, params);
        expect(body.rt_cd, topic).toBe('0');
        for (const [name, fields] of Object.entries(OVERSEAS_FIELDS[topic] ?? {})) {
          const given = body[name];
          const all = (Array.isArray(given) ? given : [given]) as readonly Row[];
          expect(all.length, `${topic} ${name}`).toBeGreaterThan(0);
          for (const row of all) {
            expect(Object.keys(row)).toEqual(fields);
            for (const value of Object.values(row)) {
              expect(value).toBeTypeOf('string');
              expect(value).not.toMatch(/NaN|Infinity|undefined|null|e\+|^-0(\.0*)?$/);
            }
          }
        }
      }
    }
  });

  test('agree about one stock at every moment', { timeout: 60_000 }, async () => {
    for (const time of MOMENTS) {
      const desk = await overseasDeskAt(time);
      for (const [EXCD, SYMB] of STOCKS) {
        const at = `${EXCD} ${SYMB} ${time}`;
        const asked = { EXCD, SYMB };
        const price = block(await desk.ask('price', asked), 'output');
        const detail = block(await desk.ask('detail', asked), 'output');
        const answer = await desk.ask('book', asked);
        const [head, book] = [block(answer, 'output1'), block(answer, 'output2')];
        const daily = rows(await desk.ask('daily', asked));
        const isBefore = price.sign === '0';
        const [newest, previous] = isBefore ? [undefined, daily[0]] : daily;

        for (const name of ['rsym', 'zdiv', 'base', 'pvol', 'last', 'tvol', 'tamt']) {
          expect(detail[name], at).toBe(price[name]);
        }
        for (const name of ['rsym', 'zdiv', 'curr', 'base', 'open', 'high', 'low', 'last']) {
          expect(head[name], at).toBe(detail[name]);
        }
        expect([detail.t_xsgn, detail.t_xrat], at).toEqual([price.sign, price.rate]);
        expect([previous?.clos, previous?.tvol, previous?.tamt], at).toEqual([detail.base, detail.pvol, detail.pamt]);
        expect(head.rclose, at).toBe(price.rate);
        expect(sum([book], 'pbid1') > 0, at).toBe(!isBefore);
        if (!newest) {
          expect([price.last, price.diff, price.rate, price.tvol, price.tamt], at).toEqual([
            price.base,
            (0).toFixed(Number(price.zdiv)),
            ' 0.00',
            '0',
            '0',
          ]);
          continue;
        }
        expect(
          [newest.clos, newest.open, newest.high, newest.low, newest.sign, newest.diff, newest.rate, newest.tvol],
          at,
        ).toEqual([detail.last, detail.open, detail.high, detail.low, price.sign, price.diff, price.rate, price.tvol]);
        expect([newest.tamt, newest.xymd], at).toEqual([price.tamt, head.dymd]);
        expect([newest.pbid, newest.vbid, newest.pask, newest.vask], at).toEqual([
          book.pbid1,
          book.vbid1,
          book.pask1,
          book.vask1,
        ]);
        expect([book.pbid1, book.pask1], at).toContain(price.last);

        const bars = await session(desk, EXCD, SYMB, '7');
        expect(bars.at(-1)?.open, at).toBe(detail.open);
        expect(bars[0]?.last, at).toBe(detail.last);
        expect(Math.max(...numbers(bars, 'high')), at).toBe(Number(detail.high));
        expect(Math.min(...numbers(bars, 'low')), at).toBe(Number(detail.low));
        expect([sum(bars, 'evol'), sum(bars, 'eamt')], at).toEqual([Number(price.tvol), Number(price.tamt)]);
        expect(Number(detail.h52p), at).toBeGreaterThanOrEqual(Number(detail.high));
        expect(Number(detail.l52p), at).toBeLessThanOrEqual(Number(detail.low));
      }
    }
  });

  test('are the same for the same seed and clock, and others with another seed', async () => {
    const ask = async (seed: number): Promise<unknown> =>
      (await (await overseasDeskAt('2026-11-21T01:00:00', { seed })).ask('detail', { EXCD: 'NYS', SYMB: 'KO' })).body;
    expect(await ask(3)).toEqual(await ask(3));
    expect(await ask(3)).not.toEqual(await ask(4));
  });

  test('for a symbol that nobody has are empty but for `rsym`', async () => {
    const desk = await overseasDeskAt('2026-11-21T01:00:00');
    for (const [EXCD, SYMB] of [
      ['NAS', 'KO'],
      ['SHI', '000001'],
      ['BAQ', ''],
      ['HKS', '__proto__'],
    ] as const) {
      for (const topic of ['price', 'detail', 'daily', 'minutes', 'book'] as const) {
        const { body } = await desk.ask(topic, { EXCD, SYMB });
        expect(body).toMatchObject({ rt_cd: '0', msg_cd: 'MCA00000' });
        for (const [name, fields] of Object.entries(OVERSEAS_FIELDS[topic] ?? {})) {
          const given = body[name] as Row | readonly Row[];
          if (Array.isArray(given)) expect(given).toEqual([]);
          else {
            const blank = fields.map((field) => [field, field === 'rsym' ? `D${EXCD}${SYMB}` : '']);
            expect(given).toEqual(Object.fromEntries(blank));
          }
        }
      }
    }
  });

  test('come from the codes of the day market, too', async () => {
    const desk = await overseasDeskAt('2026-11-21T01:00:00');
    for (const [night, day, SYMB] of [
      ['NAS', 'BAQ', 'AAPL'],
      ['NYS', 'BAY', 'V'],
      ['AMS', 'BAA', 'SPY'],
    ] as const) {
      const price = block(await desk.ask('price', { EXCD: night, SYMB }), 'output');
      const ofDay = block(await desk.ask('price', { EXCD: day, SYMB }), 'output');
      expect(ofDay).toEqual({ ...price, rsym: `D${day}${SYMB}` });
    }
  });

  test('are refused when a parameter is missing or is none', async () => {
    const desk = await overseasDeskAt('2026-11-21T01:00:00');
    const asked = { EXCD: 'NAS', SYMB: 'AAPL' };
    for (const topic of ['price', 'detail', 'daily', 'minutes', 'book'] as const) {
      expect((await desk.ask(topic, asked, 'AUTH')).body).toMatchObject({ rt_cd: '2', msg_cd: 'OPSQ2001' });
      expect((await desk.ask(topic, { ...asked, EXCD: 'XXX' })).body).toMatchObject({ msg_cd: 'OPSQ2001' });
      expect((await desk.ask(topic, { ...asked, EXCD: 'constructor' })).body).toMatchObject({ msg_cd: 'OPSQ2001' });
      expect((await desk.ask(topic, { ...asked, SYMB: 'A'.repeat(17) })).body).toMatchObject({ msg_cd: 'OPSQ2002' });
    }
    const bad: readonly (readonly [OverseasTopic, Readonly<Record<string, string>>, string])[] = [
      ['daily', { GUBN: '3' }, 'OPSQ2001'],
      ['daily', { MODP: '' }, 'OPSQ2001'],
      ['daily', { BYMD: '20261131' }, 'OPSQ2002'],
      ['minutes', { NMIN: '0' }, 'OPSQ2001'],
      ['minutes', { NMIN: '-5' }, 'OPSQ2001'],
      ['minutes', { NREC: 'many' }, 'OPSQ2001'],
      ['minutes', { PINC: '2' }, 'OPSQ2001'],
      ['minutes', { NEXT: '2' }, 'OPSQ2001'],
      ['minutes', { NEXT: '1', KEYB: '20261120' }, 'OPSQ2002'],
      ['minutes', { NEXT: '1', KEYB: '20261120250000' }, 'OPSQ2002'],
      ['info', { PRDT_TYPE_CD: '300', PDNO: 'AAPL' }, 'OPSQ2001'],
      ['holidays', { TRAD_DT: '2026-1-1' }, 'OPSQ2002'],
    ];
    for (const [topic, params, code] of bad) {
      expect((await desk.ask(topic, { ...asked, ...params })).body).toMatchObject({ rt_cd: '2', msg_cd: code });
    }
  });

  test('on the virtual host are the price and the daily prices alone', async () => {
    const desk = await overseasDeskAt('2026-11-21T01:00:00', { environment: 'virtual' });
    const asked = { EXCD: 'NAS', SYMB: 'AAPL', PRDT_TYPE_CD: '512', PDNO: 'AAPL', TRAD_DT: '20261120' };
    for (const topic of ['price', 'daily'] as const) expect((await desk.ask(topic, asked)).body.rt_cd).toBe('0');
    for (const topic of ['detail', 'minutes', 'book', 'info', 'holidays'] as const) {
      expect(await desk.ask(topic, asked)).toMatchObject({ status: 500, body: { rt_cd: '1', msg_cd: 'OPSQ0002' } });
    }
  });
});

describe('the price abroad', () => {
  test('is 15 minutes old in Asia, and of now in America', async () => {
    const at = async (time: string, EXCD: string, SYMB: string): Promise<Row> =>
      block(await (await overseasDeskAt(time)).ask('book', { EXCD, SYMB }), 'output1');
    expect(await at('2026-11-20T11:00:05', 'TSE', '7203')).toMatchObject({ dymd: '20261120', dhms: '104505' });
    expect(await at('2026-11-20T11:00:05', 'HSX', 'VIC')).toMatchObject({ dymd: '20261120', dhms: '084505' });
    expect(await at('2026-11-21T01:00:05', 'NAS', 'AMD')).toMatchObject({ dymd: '20261120', dhms: '110005' });
  });

  test('has as many decimals as `zdiv` says, a change without a sign and a rate with one', async () => {
    const desk = await overseasDeskAt('2026-11-20T14:00:00');
    const decimals: Record<string, string> = {};
    const rates: string[] = [];
    for (const [EXCD, SYMB] of STOCKS) {
      const price = block(await desk.ask('price', { EXCD, SYMB }), 'output');
      decimals[EXCD] = price.zdiv ?? '';
      for (const name of ['base', 'last', 'diff']) {
        expect(price[name]).toMatch(price.zdiv === '0' ? /^\d+$/ : new RegExp(`^\\d+\\.\\d{${price.zdiv}}$`));
      }
      const change = Number(price.last) - Number(price.base);
      expect(Number(price.diff)).toBeCloseTo(Math.abs(change), 4);
      expect(price.rate).toMatch(/^(\+\d+\.\d\d|-\d+\.\d\d| 0\.00)$/);
      expect(Number(price.rate)).toBeCloseTo((change / Number(price.base)) * 100, 1);
      expect(price.sign).toBe(change > 0 ? '2' : change < 0 ? '5' : '3');
      rates.push((price.rate ?? '').slice(0, 1));
    }
    expect(decimals).toEqual({
      NAS: '4',
      NYS: '4',
      AMS: '4',
      HKS: '3',
      TSE: '1',
      SHS: '3',
      SZS: '3',
      HSX: '0',
      HNX: '0',
    });
    expect(new Set(rates)).toEqual(new Set(['+', '-']));
  });

  test('is in won what the rate makes of it', async () => {
    const desk = await overseasDeskAt('2026-11-20T14:00:00');
    for (const [EXCD, SYMB] of STOCKS) {
      const detail = block(await desk.ask('detail', { EXCD, SYMB }), 'output');
      const rate = Number(detail.t_rate);
      expect(Math.abs(Number(detail.t_xprc) - Number(detail.last) * rate)).toBeLessThan(1.001);
      const diff = Math.abs(Number(detail.last) - Number(detail.base));
      expect(Math.abs(Number(detail.t_xdif) - diff * rate)).toBeLessThan(1.001);
      expect(Number(detail.tomv)).toBeCloseTo(Number(detail.last) * Number(detail.shar), -3);
    }
  });

  test('stays within the limits of the day where there are any', async () => {
    const desk = await overseasDeskAt('2026-11-20T14:00:00');
    for (const { EXCD, SYMB, width, widest = width } of [
      { EXCD: 'SHS', SYMB: '600519', width: 0.1 },
      { EXCD: 'SZS', SYMB: '000858', width: 0.1 },
      { EXCD: 'HSX', SYMB: 'VNM', width: 0.07 },
      { EXCD: 'HNX', SYMB: 'SHS', width: 0.1 },
      // Of so many yen: the nearer a price is to the next band, the narrower.
      { EXCD: 'TSE', SYMB: '8035', width: 0.166, widest: 0.3 },
    ]) {
      const detail = block(await desk.ask('detail', { EXCD, SYMB }), 'output');
      expect(Number(detail.uplp)).toBeGreaterThan(Number(detail.base));
      expect(Number(detail.uplp)).toBeLessThanOrEqual(Number(detail.base) * (1 + widest) * 1.0001);
      expect(Number(detail.dnlp)).toBeGreaterThanOrEqual(Number(detail.base) * (1 - widest) * 0.9999);
      for (let page = rows(await desk.ask('daily', { EXCD, SYMB })), n = 0; n < 20 && page.length > 0; n++) {
        for (const row of page) expect(Math.abs(Number(row.rate))).toBeLessThanOrEqual(width * 100);
        page = rows(await desk.ask('daily', { EXCD, SYMB, BYMD: dayBefore(page.at(-1)?.xymd) }));
      }
    }
    const american = block(await desk.ask('detail', { EXCD: 'NAS', SYMB: 'TSLA' }), 'output');
    expect([american.uplp, american.dnlp]).toEqual(['0.0000', '0.0000']);
  });
});

function dayBefore(date = ''): string {
  const iso = `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}`;
  return new Date(Date.parse(iso) - 86_400_000).toISOString().slice(0, 10).replaceAll('-', '');
}

describe('the order book abroad', () => {
  test('has ten prices of each side in America and one elsewhere, a step apart, and its totals', async () => {
    for (const [EXCD, SYMB, time, levels] of [
      ['NAS', 'AAPL', '2026-11-21T01:00:00', 10],
      ['AMS', 'SPY', '2026-11-21T06:30:00', 10],
      ['HKS', '00005', '2026-11-20T11:00:00', 1],
      ['HNX', 'PVS', '2026-11-20T12:00:00', 1],
    ] as const) {
      const desk = await overseasDeskAt(time);
      const answer = await desk.ask('book', { EXCD, SYMB });
      const [head, book] = [block(answer, 'output1'), block(answer, 'output2')];
      const side = (name: string): readonly number[] =>
        Array.from({ length: 10 }, (_, n) => Number(book[`${name}${n + 1}`]));
      const [bids, asks] = [side('pbid'), side('pask')];
      expect(bids.filter((price) => price > 0).length).toBe(levels);
      expect(asks.filter((price) => price > 0).length).toBe(levels);
      expect([...bids].sort((a, b) => b - a)).toEqual(bids);
      expect([...asks.slice(0, levels)].sort((a, b) => a - b)).toEqual(asks.slice(0, levels));
      const step = Number(block(await desk.ask('detail', { EXCD, SYMB }), 'output').e_hogau);
      expect((asks[0] ?? 0) - (bids[0] ?? 0)).toBeCloseTo(step, 4);
      for (const [total, name] of [
        ['bvol', 'vbid'],
        ['avol', 'vask'],
        ['bdvl', 'dbid'],
        ['advl', 'dask'],
      ] as const) {
        expect(Number(head[total])).toBe(side(name).reduce((all, volume) => all + volume, 0));
      }
      expect(Object.values(block(answer, 'output3')).join('')).toBe('');
    }
  });
});

import { describe, expect, test } from 'vitest';
import { block, type Row, rows } from './calls.ts';
import { overseasDeskAt } from './overseas-desk.ts';

const APPLE = { EXCD: 'NAS', SYMB: 'AAPL' };

function dayBefore(date = ''): string {
  const iso = `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}`;
  return new Date(Date.parse(iso) - 86_400_000).toISOString().slice(0, 10).replaceAll('-', '');
}

describe('the daily prices abroad', () => {
  test('come 100 at a time, newest first, and the day before the oldest begins the next page', async () => {
    const desk = await overseasDeskAt('2026-11-21T01:00:00');
    const first = await desk.ask('daily', APPLE);
    expect(block(first, 'output1').nrec).toBe('100');
    const dates = rows(first).map((row) => row.xymd ?? '');
    expect(dates[0]).toBe('20261120');
    expect([...dates].sort().reverse()).toEqual(dates);
    const second = rows(await desk.ask('daily', { ...APPLE, BYMD: dayBefore(dates.at(-1)) }));
    expect(second.length).toBe(100);
    expect((second[0]?.xymd ?? '') < (dates.at(-1) ?? '')).toBe(true);
    const close = Number(second[0]?.clos);
    const oldest = rows(first).at(-1);
    expect(Number(oldest?.rate)).toBeCloseTo((Number(oldest?.clos) / close - 1) * 100, 1);
  });

  test('have weeks and months that are made of their days', async () => {
    const desk = await overseasDeskAt('2026-11-21T01:00:00');
    for (const [EXCD, SYMB] of [
      ['NYS', 'JPM'],
      ['TSE', '6758'],
    ] as const) {
      const days = rows(await desk.ask('daily', { EXCD, SYMB }));
      for (const GUBN of ['1', '2']) {
        const periods = rows(await desk.ask('daily', { EXCD, SYMB, GUBN })).slice(0, 4);
        for (const [n, period] of periods.entries()) {
          const next = periods[n - 1]?.xymd ?? '99999999';
          const inside = days.filter(({ xymd = '' }) => xymd >= (period.xymd ?? '') && xymd < next);
          expect(inside.at(-1)?.xymd).toBe(period.xymd);
          expect([period.open, period.clos]).toEqual([inside.at(-1)?.open, inside[0]?.clos]);
          expect(Number(period.high)).toBe(Math.max(...inside.map(({ high }) => Number(high))));
          expect(Number(period.low)).toBe(Math.min(...inside.map(({ low }) => Number(low))));
          expect(Number(period.tvol)).toBe(inside.reduce((all, { tvol }) => all + Number(tvol), 0));
          expect([period.pbid, period.pask]).toEqual([inside[0]?.pbid, inside[0]?.pask]);
        }
      }
    }
  });

  test('of before a split are divided when MODP is 1, and as they were when it is 0', async () => {
    const desk = await overseasDeskAt('2026-11-21T01:00:00');
    const ask = async (BYMD: string, MODP: string): Promise<Row | undefined> =>
      rows(await desk.ask('daily', { EXCD: 'NAS', SYMB: 'NVDA', BYMD, MODP }))[0];
    const [adjusted, original] = [await ask('20240607', '1'), await ask('20240607', '0')];
    expect(Number(original?.clos)).toBeCloseTo(Number(adjusted?.clos) * 10, 2);
    expect(Number(original?.tvol)).toBe(Math.floor(Number(adjusted?.tvol) / 10));
    expect(await ask('20240610', '0')).toEqual(await ask('20240610', '1'));
  });

  test('begin with the listing', async () => {
    const desk = await overseasDeskAt('2026-11-21T01:00:00');
    const days = rows(await desk.ask('daily', { EXCD: 'NYS', SYMB: 'CPNG', BYMD: '20210331' }));
    expect(days.at(-1)?.xymd).toBe('20210311');
    expect(rows(await desk.ask('daily', { EXCD: 'NYS', SYMB: 'CPNG', BYMD: '20210310' }))).toEqual([]);
  });

  test('have no row of today before the open, on weekends and on holidays', async () => {
    for (const [time, EXCD, SYMB, newest] of [
      ['2026-11-20T23:29:59', 'NAS', 'AAPL', '20261119'],
      ['2026-11-20T23:30:00', 'NAS', 'AAPL', '20261120'],
      ['2026-11-22T15:00:00', 'NAS', 'AAPL', '20261120'],
      ['2026-11-27T03:00:00', 'NAS', 'AAPL', '20261125'],
      ['2026-07-04T01:00:00', 'NYS', 'KO', '20260702'],
      ['2026-09-22T12:00:00', 'TSE', '7974', '20260918'],
      ['2026-10-07T12:00:00', 'SHS', '600036', '20260930'],
    ] as const) {
      expect(rows(await (await overseasDeskAt(time)).ask('daily', { EXCD, SYMB }))[0]?.xymd, time).toBe(newest);
    }
  });
});

describe('the minutes abroad', () => {
  test('give local and Korean times, in New York by summer and winter time', async () => {
    for (const [time, EXCD, SYMB, local, korean, head] of [
      ['2026-11-21T01:00:30', 'NAS', 'AAPL', '20261120110000', '20261121010000', '093000160000233000060000'],
      ['2026-07-15T01:00:30', 'NAS', 'AAPL', '20260714120000', '20260715010000', '093000160000223000050000'],
      ['2026-11-20T12:00:30', 'HKS', '00700', '20261120104500', '20261120114500', '093000160800103000170800'],
      ['2026-11-20T12:00:30', 'TSE', '7203', '20261120114500', '20261120114500', '090000153000090000153000'],
      ['2026-11-20T12:00:30', 'HSX', 'FPT', '20261120094500', '20261120114500', '091500144500111500164500'],
    ] as const) {
      const answer = await (await overseasDeskAt(time)).ask('minutes', { EXCD, SYMB });
      const [row] = rows(answer);
      expect(`${row?.xymd}${row?.xhms}`).toBe(local);
      expect(`${row?.kymd}${row?.khms}`).toBe(korean);
      const { stim, etim, sktm, ektm } = block(answer, 'output1');
      expect(`${stim}${etim}${sktm}${ektm}`).toBe(head);
    }
  });

  test('come as bars of any length, each made of the minutes in it', async () => {
    const desk = await overseasDeskAt('2026-11-21T06:30:00');
    const ask = async (NMIN: string, KEYB = ''): Promise<readonly Row[]> =>
      rows(await desk.ask('minutes', { ...APPLE, NMIN, KEYB, NEXT: KEYB && '1' }));
    const minutes = [...(await ask('1', '20261120160000')), ...(await ask('1', '20261120140000'))];
    expect(minutes.slice(0, 2).map((row) => row.xhms)).toEqual(['160000', '155900']);
    for (const length of [2, 5, 15, 60]) {
      const [, bar] = await ask(String(length));
      const [newer] = await ask(String(length));
      const inside = minutes.filter(
        (row) => (row.xhms ?? '') >= (bar?.xhms ?? '') && (row.xhms ?? '') < (newer?.xhms ?? ''),
      );
      expect(inside.length).toBe(length);
      expect([bar?.open, bar?.last]).toEqual([inside.at(-1)?.open, inside[0]?.last]);
      expect(Number(bar?.high)).toBe(Math.max(...inside.map(({ high }) => Number(high))));
      expect(Number(bar?.low)).toBe(Math.min(...inside.map(({ low }) => Number(low))));
      for (const name of ['evol', 'eamt']) {
        expect(Number(bar?.[name])).toBe(inside.reduce((all, row) => all + Number(row[name]), 0));
      }
    }
  });

  test('go on page by page without a gap or a double for a month, over weekends and nights', async () => {
    const desk = await overseasDeskAt('2026-11-21T01:00:00');
    const all: Row[] = [];
    for (let [key, pages] = ['', 0]; ; pages++) {
      const answer = await desk.ask('minutes', { ...APPLE, NMIN: '30', NEXT: key && '1', KEYB: key });
      all.push(...rows(answer));
      expect(block(answer, 'output1').nrec).toBe(String(rows(answer).length));
      expect(block(answer, 'output1').more).toBe(block(answer, 'output1').next);
      if (block(answer, 'output1').next === '0' || pages > 9) break;
      const { xymd = '', xhms = '' } = all.at(-1) ?? {};
      const at = Date.UTC(
        +xymd.slice(0, 4),
        +xymd.slice(4, 6) - 1,
        +xymd.slice(6),
        +xhms.slice(0, 2),
        +xhms.slice(2, 4),
      );
      key = new Date(at - 30 * 60_000).toISOString().slice(0, 19).replaceAll(/[-:T]/g, '');
    }
    const times = all.map((row) => `${row.xymd}${row.xhms}`);
    expect(times).toEqual([...new Set(times)].sort().reverse());
    // Four bars of today, and fourteen of each of the 23 sessions of the 31 days before.
    expect(times[0]).toBe('20261120110000');
    expect(times.at(-1)).toBe('20261020093000');
    expect(times.length).toBe(4 + 23 * 14);
  });

  test('are those of today alone with PINC 0, and of one day in the day market', async () => {
    const desk = await overseasDeskAt('2026-11-21T01:00:00');
    for (const params of [
      { ...APPLE, PINC: '0' },
      { EXCD: 'BAQ', SYMB: 'AAPL', PINC: '1' },
    ]) {
      const answer = await desk.ask('minutes', params);
      expect(rows(answer).length).toBe(91);
      expect(new Set(rows(answer).map((row) => row.xymd))).toEqual(new Set(['20261120']));
      expect(block(answer, 'output1').next).toBe('0');
    }
  });

  test('of the day market are those of the last session until there are new ones', async () => {
    for (const [time, count, date] of [
      ['2026-11-20T22:29:59', 120, '20261119'],
      ['2026-11-20T22:30:00', 120, '20261119'],
      ['2026-11-20T23:29:59', 120, '20261119'],
      ['2026-11-20T23:30:00', 1, '20261120'],
    ] as const) {
      const found = rows(await (await overseasDeskAt(time)).ask('minutes', { EXCD: 'BAQ', SYMB: 'AAPL' }));
      expect([time, found.length, found[0]?.xymd, found.at(-1)?.xymd]).toEqual([time, count, date, date]);
    }
  });

  test('end with the close, wherever the bars of a session end', async () => {
    for (const [EXCD, SYMB, NMIN, close] of [
      // Tokyo stops at 15:25 and closes at 15:30; New York closes when it stops.
      ['TSE', '7203', '1', '153000'],
      ['TSE', '7203', '5', '153000'],
      ['TSE', '7203', '20', '152000'],
      ['TSE', '7203', '400', '090000'],
      ['NAS', 'AAPL', '60', '153000'],
    ] as const) {
      const desk = await overseasDeskAt('2026-11-21T12:00:00');
      const [bar] = rows(await desk.ask('minutes', { EXCD, SYMB, NMIN }));
      const [day] = rows(await desk.ask('daily', { EXCD, SYMB }));
      expect([SYMB, NMIN, bar?.xymd, bar?.xhms, bar?.last]).toEqual([SYMB, NMIN, day?.xymd, close, day?.clos]);
      if (NMIN === '400') {
        expect([bar?.open, bar?.high, bar?.low, bar?.evol, bar?.eamt]).toEqual([
          day?.open,
          day?.high,
          day?.low,
          day?.tvol,
          day?.tamt,
        ]);
      }
    }
  });

  test('are as many as NREC, and 120 at the most', async () => {
    const desk = await overseasDeskAt('2026-11-21T01:00:00');
    for (const [NREC, count] of [
      ['1', 1],
      ['77', 77],
      ['500', 120],
    ] as const) {
      expect(rows(await desk.ask('minutes', { ...APPLE, NREC })).length).toBe(count);
    }
  });
});

import { afterEach, describe, expect, test } from 'vitest';
import { type MockServerOptions, startMockServer } from '../src/index.ts';
import { KEYS } from './calls.ts';
import { createManualClock, korea, type ManualClock } from './manual-clock.ts';
import { type PlainOptions, plainClient } from './plain-client.ts';

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

interface Stage {
  readonly client: ReturnType<typeof plainClient>;
  readonly clock: ManualClock;
  readonly codes: readonly string[];
}

/** A Tuesday, in the middle of a session; 6 June is a holiday. */
async function start(options: MockServerOptions = {}, client: Partial<PlainOptions> = {}): Promise<Stage> {
  const clock = createManualClock(korea('2024-06-04T13:47:20'));
  const server = await startMockServer({ symbols: 130, limit: 1_000, clock, ...options });
  open.push(() => server.close());
  const keys = { appKey: KEYS.appkey, appSecret: KEYS.appsecret, account: '12345678-01' };
  return {
    client: plainClient({ url: server.url, ...keys, ...client }),
    clock,
    codes: server.fake.symbols.filter(({ code }) => /^\d{6}$/.test(code)).map(({ code }) => code),
  };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const weekday = (date: string): number =>
  new Date(`${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}T00:00:00Z`).getUTCDay();
const isWeekend = (date: string): boolean => weekday(date) % 6 === 0;

describe('a client that knows KIS’s documents and plain fetch', () => {
  test('reads a price, and a book around it', async () => {
    const { client } = await start();
    const price = await client.price('005930');
    const book = await client.book('005930');
    const now = Number(price.stck_prpr);
    expect(Number(price.prdy_vrss)).toBe(now - Number(price.stck_sdpr));
    expect(Number(price.stck_lwpr)).toBeLessThanOrEqual(now);
    expect(Number(price.stck_hgpr)).toBeGreaterThanOrEqual(now);
    const asks = Array.from({ length: 10 }, (_, n) => Number(book[`askp${n + 1}`]));
    const bids = Array.from({ length: 10 }, (_, n) => Number(book[`bidp${n + 1}`]));
    expect(asks).toEqual([...asks].sort((a, b) => a - b));
    expect(bids).toEqual([...bids].sort((a, b) => b - a));
    expect(asks[0]).toBeGreaterThan(bids[0] ?? Number.NaN);
    expect([asks[0], bids[0]]).toContain(now);
    const volumes = (side: string): number => sum(asks.map((_, n) => Number(book[`${side}p_rsqn${n + 1}`])));
    expect([volumes('ask'), volumes('bid')]).toEqual([Number(book.total_askp_rsqn), Number(book.total_bidp_rsqn)]);
  });

  test('pages a chart of 250 days by its dates: no day twice, none missing, each close the next one’s base', async () => {
    const { client } = await start();
    const days = await client.days('000660', '20240604', 250);
    const dates = days.map(({ stck_bsop_date = '' }) => stck_bsop_date);
    expect(dates).toHaveLength(250);
    expect(dates).toEqual([...new Set(dates)].sort().reverse());
    expect(dates.filter(isWeekend)).toEqual([]);
    const [today, ...before] = days;
    expect(today?.stck_clpr).toBe((await client.price('000660')).stck_prpr);
    for (const [n, day] of days.slice(0, -1).entries()) {
      const [opened, high, low, close] = [day.stck_oprc, day.stck_hgpr, day.stck_lwpr, day.stck_clpr].map(Number);
      expect(Math.max(opened ?? 0, close ?? 0)).toBeLessThanOrEqual(high ?? 0);
      expect(Math.min(opened ?? 0, close ?? 0)).toBeGreaterThanOrEqual(low ?? 0);
      expect((close ?? 0) - Number(day.prdy_vrss)).toBe(Number(before[n]?.stck_clpr));
    }
    const holidays = await client.holidays(dates[20] ?? '', 2);
    const sessions = holidays.filter(({ opnd_yn }) => opnd_yn === 'Y').map(({ bass_dt }) => bass_dt);
    expect(dates.slice(0, 21).reverse()).toEqual(sessions.slice(0, 21));
  });

  test('pages today’s minutes: they make up today', async () => {
    const { client } = await start();
    const minutes = await client.minutes('005930', '134700');
    const price = await client.price('005930');
    const hours = minutes.map(({ stck_cntg_hour = '' }) => stck_cntg_hour);
    expect([hours[0], hours.at(-1), hours.length]).toEqual(['134700', '090000', 288]);
    expect(new Set(hours).size).toBe(288);
    expect(sum(minutes.map(({ cntg_vol }) => Number(cntg_vol)))).toBe(Number(price.acml_vol));
    expect(Math.max(...minutes.map(({ stck_hgpr }) => Number(stck_hgpr)))).toBe(Number(price.stck_hgpr));
    expect(Math.min(...minutes.map(({ stck_lwpr }) => Number(stck_lwpr)))).toBe(Number(price.stck_lwpr));
    expect([minutes.at(-1)?.stck_oprc, minutes[0]?.stck_prpr]).toEqual([price.stck_oprc, price.stck_prpr]);
    expect(minutes[0]?.acml_tr_pbmn).toBe(price.acml_tr_pbmn);
  });

  test('pages the minutes of a past day: they make up its candle, with the closing auction at 15:30', async () => {
    const { client } = await start();
    const minutes = await client.pastMinutes('005930', '20240531');
    const [day] = await client.days('005930', '20240531', 1);
    const hours = minutes.map(({ stck_cntg_hour = '' }) => stck_cntg_hour);
    expect(hours.slice(0, 2)).toEqual(['153000', '151900']);
    expect(hours).toHaveLength(381);
    expect(minutes.every(({ stck_bsop_date }) => stck_bsop_date === '20240531')).toBe(true);
    expect(sum(minutes.map(({ cntg_vol }) => Number(cntg_vol)))).toBe(Number(day?.acml_vol));
    expect([minutes.at(-1)?.stck_oprc, minutes[0]?.stck_prpr]).toEqual([day?.stck_oprc, day?.stck_clpr]);
  });

  test('pages the list of holidays by tr_cont: every day once, weekends and 6 June closed', async () => {
    const { client } = await start();
    const days = await client.holidays('20240601', 3);
    const dates = days.map(({ bass_dt = '' }) => bass_dt);
    expect(dates.length).toBeGreaterThan(48);
    expect(dates[0]).toBe('20240601');
    const next = dates.map((_, n) => new Date(Date.UTC(2024, 5, 1 + n)).toISOString().slice(0, 10).replaceAll('-', ''));
    expect(dates).toEqual(next);
    for (const { bass_dt = '', wday_dvsn_cd, opnd_yn } of days) {
      expect([bass_dt, wday_dvsn_cd]).toEqual([bass_dt, `0${weekday(bass_dt) + 1}`]);
      if (isWeekend(bass_dt) || bass_dt === '20240606') expect([bass_dt, opnd_yn]).toEqual([bass_dt, 'N']);
    }
    expect(days.find(({ bass_dt }) => bass_dt === '20240604')?.opnd_yn).toBe('Y');
  });

  test('buys at the market and sees it in the orders, the holdings and the cash', async () => {
    const { client } = await start();
    const before = await client.balance();
    expect([before.holdings, before.sums.dnca_tot_amt]).toEqual([[], '100000000']);
    const book = await client.book('005930');
    const number = await client.order('buy', '005930', 10);
    expect(number).toMatch(/^\d{10}$/);
    const [order] = await client.orders('20240604');
    expect(order).toMatchObject({ odno: number, pdno: '005930', ord_qty: '10', tot_ccld_qty: '10', rmn_qty: '0' });
    const paid = Number(order?.tot_ccld_amt);
    expect(paid).toBe(10 * Number(book.askp1));
    const { holdings, sums } = await client.balance();
    expect(holdings).toHaveLength(1);
    expect(holdings[0]).toMatchObject({ pdno: '005930', hldg_qty: '10', pchs_amt: String(paid) });
    const { stck_prpr } = await client.price('005930');
    expect(holdings[0]?.evlu_amt).toBe(String(10 * Number(stck_prpr)));
    expect(Number(sums.prvs_rcdl_excc_amt)).toBe(100_000_000 - paid);
    expect(Number(sums.tot_evlu_amt)).toBe(Number(sums.scts_evlu_amt) + Number(sums.prvs_rcdl_excc_amt));
  });

  test('has limit orders filled when the price comes to them, and sells what it has', async () => {
    const { client, clock, codes } = await start();
    const placed = await Promise.all(
      codes.slice(0, 8).map(async (code) => {
        const limit = Number((await client.book(code)).bidp2);
        return { code, limit, number: await client.order('buy', code, 1, limit) };
      }),
    );
    const find = async (number: string) => (await client.orders('20240604')).find(({ odno }) => odno === number);
    for (const { number } of placed) expect(await find(number)).toMatchObject({ tot_ccld_qty: '0', rmn_qty: '1' });
    await clock.advance(korea('2024-06-04T15:19:00') - clock.nowMs());

    const filled: string[] = [];
    for (const { code, limit, number } of placed) {
      const order = await find(number);
      const minutes = await client.minutes(code, '151800');
      const lowestFrom = (from: string): number =>
        Math.min(
          ...minutes.filter(({ stck_cntg_hour = '' }) => stck_cntg_hour >= from).map((row) => Number(row.stck_lwpr)),
        );
      if (lowestFrom('134800') <= limit) expect([code, order?.tot_ccld_qty]).toEqual([code, '1']);
      if (lowestFrom('134700') > limit) expect([code, order?.tot_ccld_qty]).toEqual([code, '0']);
      if (order?.tot_ccld_qty !== '1') continue;
      filled.push(code);
      expect(Number(order.avg_prvs)).toBeLessThanOrEqual(limit);
    }
    expect([filled.length > 0, filled.length < placed.length]).toEqual([true, true]);

    const [code = ''] = filled;
    await client.order('sell', code, 1);
    const sold = (await client.balance()).holdings.find(({ pdno }) => pdno === code);
    expect(sold).toMatchObject({ hldg_qty: '0', thdt_sll_qty: '1' });
    await expect(client.order('sell', code, 1)).rejects.toThrow(/^TTTC0011U: APBK/);
  });

  test('pages a balance of 25 stocks on the virtual host by twenties', async () => {
    const { client, codes } = await start({ environment: 'virtual', cash: 1_000_000_000 }, { isPaper: true });
    const bought = codes.slice(0, 25);
    for (const code of bought) await client.order('buy', code, 1);
    const { holdings, sums, pages } = await client.balance();
    expect(pages).toBe(2);
    expect(holdings.map(({ pdno }) => pdno).sort()).toEqual([...bought].sort());
    expect(sum(holdings.map(({ evlu_amt }) => Number(evlu_amt)))).toBe(Number(sums.scts_evlu_amt));
    expect(await client.orders('20240604')).toHaveLength(25);
  });

  test('reads a price abroad, whose change has no sign of its own', async () => {
    const { client } = await start();
    const price = await client.overseas('NAS', 'AAPL');
    expect([price.rsym, price.zdiv]).toEqual(['DNASAAPL', '4']);
    expect(price.last).toMatch(/^\d+\.\d{4}$/);
    const change = Number(price.last) - Number(price.base);
    expect(Number(price.diff)).toBeCloseTo(Math.abs(change), 4);
    expect(price.sign).toBe(change > 0 ? '2' : change < 0 ? '5' : '3');
  });
});

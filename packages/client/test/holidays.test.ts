import { systemClock } from '@kis/token-core';
import { describe, expect, test } from 'vitest';
import { KisApiError } from '../src/index.ts';
import { ok, refusal, startClient } from './harness.ts';
import { startAt } from './stage.ts';

const korea = (time: string) => `${time}+09:00`;
const open = { bzdy_yn: 'Y', tr_day_yn: 'Y', opnd_yn: 'Y', sttl_day_yn: 'Y' };
/** KIS's rows of the 31 days from 20261201. */
const december = Array.from({ length: 31 }, (_, n) => ({ bass_dt: String(20_261_201 + n), ...open }));
const noon = korea('2026-11-20T12:00:00');

describe('the days of the market', () => {
  test('are a month of them, from the day that is asked for', async () => {
    const { client, asked } = startAt(noon);
    const days = await client.getHolidays({ from: '20261220' });
    expect(days).toHaveLength(31);
    expect([days[0]?.date, days.at(-1)?.date]).toEqual(['20261220', '20270119']);
    const of = (date: string) => days.find((day) => day.date === date);
    const closed = { isBusinessDay: false, isTradingDay: false, isOpen: false, isSettlementDay: false };
    expect(of('20261225')).toEqual({ date: '20261225', ...closed });
    expect(of('20261231')).toMatchObject({ isBusinessDay: true, isTradingDay: true, isOpen: false });
    expect(of('20261230')).toMatchObject({ isBusinessDay: true, isOpen: true, isSettlementDay: true });
    expect(asked).toHaveLength(2);
  });

  test('are asked for once a day, as KIS wants it, and again when the day in Korea has ended', async () => {
    const { client, asked, setTime } = startAt(korea('2026-11-20T00:00:10'));
    const first = await client.getHolidays({ from: '20261120' });
    setTime(korea('2026-11-20T23:59:59'));
    expect(await client.getHolidays({ from: '20261120' })).toEqual(first);
    expect(asked).toHaveLength(2);
    setTime(korea('2026-11-21T00:00:00'));
    await client.getHolidays({ from: '20261120' });
    expect(asked).toHaveLength(4);
  });

  test('are one answer for all who ask at once, and what one of them does to it the others do not see', async () => {
    const { client, asked } = startAt(noon);
    const answers = await Promise.all(Array.from({ length: 50 }, () => client.getHolidays({ from: '20261120' })));
    expect(asked).toHaveLength(2);
    answers[0]?.pop();
    Object.assign(answers[0]?.[0] ?? {}, { isOpen: 'perhaps' });
    expect(answers[1]?.[0]).toHaveProperty('isOpen', true);
    expect(answers[1]).toHaveLength(31);
    expect(await client.getHolidays({ from: '20261120' })).toHaveLength(31);
  });

  test('come to the others when one of those who share the call is aborted', async () => {
    const { client, asked } = startAt(noon);
    const controller = new AbortController();
    const aborted = client.getHolidays({ from: '20261120', signal: controller.signal });
    const other = client.getHolidays({ from: '20261120' });
    const reason = new Error('enough');
    controller.abort(reason);
    await expect(aborted).rejects.toBe(reason);
    expect(await other).toHaveLength(31);
    expect(asked).toHaveLength(2);
    await expect(client.getHolidays({ from: '20261121', signal: controller.signal })).rejects.toBe(reason);
    expect(asked).toHaveLength(2);
  });

  test('that KIS refused are asked for again', async () => {
    const { client, calls } = await startClient((_, n) =>
      n === 1 ? refusal('KIER0000', 200) : ok({ output: [...december, {}] }),
    );
    await expect(client.getHolidays({ from: '20261201' })).rejects.toBeInstanceOf(KisApiError);
    expect(await client.getHolidays({ from: '20261201' })).toHaveLength(31);
    expect(calls).toHaveLength(2);
  });

  test.each([
    ['all', [], '20261201'],
    ['the first', december.slice(1), '20261201'],
  ])('without %s of them are an error, and asked for again', async (_, output, missing) => {
    const { client, calls } = await startClient((_, n) => ok({ output: n === 1 ? output : december }));
    const call = client.getHolidays({ from: '20261201' });
    await expect(call).rejects.toMatchObject({
      code: 'ERR_KIS_RESPONSE',
      where: 'output',
      expected: `the day ${missing}`,
    });
    expect(await client.getHolidays({ from: '20261201' })).toHaveLength(31);
    expect(calls).toHaveLength(2);
  });

  test('are as many as there are before a day that KIS does not tell of', async () => {
    const output = december.filter(({ bass_dt }) => bass_dt !== '20261215');
    const { client } = await startClient(() => ok({ output }));
    const days = await client.getHolidays({ from: '20261201' });
    expect(days.at(-1)?.date).toBe('20261214');
  });

  test('of many months are not all kept', async () => {
    const { client, asked } = startAt(noon);
    const months = Array.from({ length: 25 }, (_, n) => `202611${String(n + 1).padStart(2, '0')}`);
    for (const from of months) await client.getHolidays({ from });
    expect(asked.splice(0)).toHaveLength(50);
    await client.getHolidays({ from: '20261125' });
    expect(asked).toHaveLength(0);
    await client.getHolidays({ from: '20261101' });
    expect(asked).toHaveLength(2);
  });

  test.each([
    [{ opnd_yn: '' }, 'output[0].opnd_yn'],
    [{ opnd_yn: 'X' }, 'output[0].opnd_yn'],
    [{ bass_dt: '20261131' }, 'output[0].bass_dt'],
  ])('with %j are an error that names the place', async (wrong, where) => {
    const day = { bass_dt: '20261120', ...open };
    const { client } = await startClient(() => ok({ output: [{ ...day, ...wrong }] }));
    const call = client.getHolidays({ from: '20261120' });
    await expect(call).rejects.toMatchObject({ code: 'ERR_KIS_RESPONSE', where });
  });

  test.each(['2026-11-20', '20261131', '', undefined])('from %j is a TypeError before any call', async (from) => {
    const { client, asked } = startAt(noon);
    await expect(client.getHolidays({ from: from as string })).rejects.toThrow('`from` must be a date such as');
    expect(asked).toEqual([]);
  });
});

describe('the market', () => {
  test.each([
    ['2026-11-20T08:59:59', false],
    ['2026-11-20T09:00:00', true],
    ['2026-11-20T15:29:59', true],
    ['2026-11-20T15:30:00', false],
    ['2026-11-21T11:00:00', false],
    ['2026-12-25T11:00:00', false],
    ['2026-12-31T11:00:00', false],
  ])('at %s is open: %s', async (time, isOpen) => {
    const { client } = startAt(korea(time));
    expect(await client.isMarketOpen()).toBe(isOpen);
  });

  test('is known without a call after the first of a day', async () => {
    const { client, asked, setTime } = startAt(korea('2026-11-20T08:59:00'));
    expect(await client.isMarketOpen()).toBe(false);
    setTime(korea('2026-11-20T09:00:00'));
    expect(await client.isMarketOpen()).toBe(true);
    expect(asked).toHaveLength(2);
    setTime(korea('2026-11-21T10:00:00'));
    expect(await client.isMarketOpen()).toBe(false);
    expect(asked).toHaveLength(4);
  });

  test('is open by the clock of KIS, on a host that is a day behind, too', async () => {
    const hostMs = Date.parse(korea('2026-11-22T10:00:00'));
    const { client } = startAt(korea('2026-11-23T10:00:00'), { clock: { ...systemClock, nowMs: () => hostMs } });
    expect(await client.isMarketOpen()).toBe(true);
  });

  test('of a day that KIS leaves out is an error, and neither open nor closed', async () => {
    const { client } = await startClient(() => ok({ output: [] }));
    await expect(client.isMarketOpen()).rejects.toMatchObject({ code: 'ERR_KIS_RESPONSE', where: 'output' });
  });

  test('is not told on the virtual host, where nothing is asked', async () => {
    const { client, fake } = startAt(noon, { environment: 'virtual' });
    for (const call of [client.isMarketOpen(), client.getHolidays({ from: '20261120' })]) {
      await expect(call).rejects.toMatchObject({ code: 'ERR_UNSUPPORTED', source: "KIS's virtual host" });
    }
    expect(fake.log().calls).toBe(0);
  });
});

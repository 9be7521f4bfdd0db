import { describe, expect, test } from 'vitest';
import { createFormats } from '../../web/src/formats.ts';

const plain = (text: string) => text.replaceAll(/[\u202f\u00a0]/g, ' ');

describe('numbers and dates', () => {
  const [ko, en] = [createFormats('ko'), createFormats('en')];

  test('are written as each language does, and the time is Korea’s in both', () => {
    const atMs = Date.UTC(2026, 10, 28, 15, 4, 5);
    expect([ko.dateTime(atMs), en.dateTime(atMs)].map(plain)).toEqual(['11월 29일 00:04', 'Nov 29, 00:04']);
    expect([ko.time(atMs), en.time(atMs)]).toEqual(['00:04:05', '00:04:05']);
    expect([ko.date('20261127'), en.date('20261127')]).toEqual(['2026. 11. 27.', 'Nov 27, 2026']);
    expect([ko.compact(12_340_000), en.compact(12_340_000)]).toEqual(['1,230만', '12.3M']);
    expect([ko.rate(-0.5), en.rate(1.234), en.rate(0)]).toEqual(['-0.50%', '+1.23%', '0.00%']);
  });

  test('of a pace are whole, and below one the first two digits', () => {
    expect([18, 1_000, 1, 0.5, 1 / 3, 1 / 40].map(en.pace)).toEqual(['18', '1,000', '1', '0.5', '0.33', '0.025']);
    expect(ko.pace(0.25)).toBe('0.25');
  });

  test('of a span are its two largest units', () => {
    expect(ko.span(85_290_000)).toBe('23시간 41분');
    expect(plain(en.span(85_290_000))).toBe('23 h 41 min');
    expect(plain(en.span(61_000))).toBe('1 min 1 s');
    expect(ko.span(0)).toBe('0초');
  });
});

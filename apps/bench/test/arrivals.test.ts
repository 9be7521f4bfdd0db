import { describe, expect, test } from 'vitest';
import { mostInAny } from '../src/accuracy/arrivals.ts';

describe('the most arrivals in any second', () => {
  test.each([
    ['there are none where nothing arrived', [], 0],
    ['one arrival is one', [5], 1],
    ['two that lie a whole second apart are not together', [0, 1_000], 1],
    ['two that lie a little closer are', [0, 999.9], 2],
    ['the order in which they are told does not matter', [1_500, 0, 700, 1_100], 3],
    ['a second may begin anywhere', [900, 950, 1_050, 1_899, 1_900], 4],
  ])('%s', (_, instantsMs, most) => {
    expect(mostInAny(1_000, instantsMs)).toBe(most);
  });
});

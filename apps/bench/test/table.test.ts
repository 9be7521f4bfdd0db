import { describe, expect, test } from 'vitest';
import { hasWrongCount, type Table, toMarkdown } from '../src/table.ts';

const table: Table = {
  title: 'Pears',
  note: 'Of this year.',
  columns: ['tree', 'pears'],
  rows: [
    ['the old one', 1_234.567],
    ['a | b', 'none'],
    ['the new one', Number.NaN],
  ],
  bars: [
    { promise: 'at least 1,000', seen: '1,234', isMet: true },
    { promise: 'none is lost', seen: '2', isMet: false, isExact: true },
  ],
};

describe('a table of the bench', () => {
  test('is Markdown that can be read as it stands, and says loudly what was missed', () => {
    expect(toMarkdown(table)).toMatchInlineSnapshot(`
      "## Pears

      Of this year.

      | tree        |    pears |
      | ----------- | -------: |
      | the old one | 1,234.57 |
      | a \\| b      |     none |
      | the new one |        - |

      - bar at least 1,000: seen 1,234, met
      - bar none is lost: seen 2, **MISSED**"
    `);
  });

  test('with a count that is wrong fails the run; with a time that is missed it does not', () => {
    const [late, wrong] = (table.bars ?? []).map((bar) => ({ ...bar, isMet: false }));
    expect(hasWrongCount([{ ...table, bars: [late ?? expect.fail()] }])).toBe(false);
    expect(hasWrongCount([{ ...table, bars: [wrong ?? expect.fail()] }])).toBe(true);
    expect(hasWrongCount([{ ...table, bars: [] }])).toBe(false);
  });
});

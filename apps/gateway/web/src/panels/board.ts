import type { Quote } from '../../../src/live/events.ts';
import { find, make, makeSvg, setAttributes, setText } from '../dom.ts';
import type { Panel, View } from '../view.ts';

const COLUMNS = ['stock', 'price', 'change', 'volume', 'range'] as const;

interface Row {
  readonly element: HTMLTableRowElement;
  readonly button: HTMLButtonElement;
  show(view: View, quote: Quote | undefined, isChosen: boolean): void;
}

/** The quotes; one of them is chosen, and `onChoose` is told. Arrows go from row to row, Tab enters and leaves the board. */
export function createBoard(onChoose: (code: string) => void): Panel {
  const heads = COLUMNS.map((column) => make('th', { scope: 'col', class: column }));
  const body = make('tbody');
  const table = make(
    'table',
    { class: 'quotes', 'aria-labelledby': 'board-title' },
    make('thead', {}, make('tr', {}, ...heads)),
    body,
  );
  const age = find('#board-age');
  find('#board').append(table);
  let rows: ReadonlyMap<string, Row> = new Map();
  let chosen: string | undefined;
  let last: View | undefined;

  body.addEventListener('click', (event) => {
    const row = (event.target as Element).closest('tr');
    if (row?.dataset.code !== undefined) choose(row.dataset.code);
  });
  body.addEventListener('keydown', (event) => {
    const buttons = [...rows.values()].map(({ button }) => button);
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
    const button = to === undefined || at === -1 ? undefined : buttons[Math.min(Math.max(to, 0), buttons.length - 1)];
    if (button === undefined) return;
    event.preventDefault();
    button.focus();
    for (const other of buttons) other.tabIndex = other === button ? 0 : -1;
  });

  function choose(code: string): void {
    chosen = code;
    for (const [other, { button }] of rows) button.tabIndex = other === code ? 0 : -1;
    onChoose(code);
    if (last !== undefined) draw(last);
  }

  function draw(view: View): void {
    for (const [code, row] of rows) row.show(view, view.model.quotes.get(code), code === chosen);
  }

  return (view) => {
    last = view;
    const { model, words, formats, toKisMs } = view;
    for (const [n, column] of COLUMNS.entries()) setText(heads[n] as Element, words[column]);
    setText(
      age,
      model.quotesAtMs === undefined ? words.noQuotes : words.boardAge(formats.time(toKisMs(model.quotesAtMs))),
    );
    const codes = model.hello?.board.map(({ code }) => code) ?? [];
    if (codes.join() !== [...rows.keys()].join()) {
      rows = new Map(codes.map((code) => [code, createRow(code)]));
      body.replaceChildren(...[...rows.values()].map(({ element }) => element));
      const [first] = codes;
      if (first !== undefined) choose(chosen !== undefined && codes.includes(chosen) ? chosen : first);
    }
    draw(view);
  };
}

function createRow(code: string): Row {
  const [name, label] = [make('span', { class: 'name', lang: 'ko' }), make('span', { class: 'code' }, code)];
  const button = make('button', { type: 'button', tabindex: -1 }, name, label);
  const [price, change] = [make('td', { class: 'price' }), make('td', { class: 'change' })];
  const [volume, range] = [make('td', { class: 'volume' }), make('td', { class: 'range' })];
  const [rate, amount] = [make('span', { class: 'rate' }), make('span')];
  const [arrow, says] = [make('span', { 'aria-hidden': 'true' }), make('span', { class: 'unseen' })];
  change.append(rate, ' ', make('span', { class: 'amount' }, arrow, says, ' ', amount));
  const span = createRange();
  range.append(span.element);
  const element = make('tr', { 'data-code': code }, make('th', { scope: 'row' }, button), price, change, volume, range);
  let lastPrice: number | undefined;

  return {
    element,
    button,
    show({ words, formats }, quote, isChosen) {
      setAttributes(button, { 'aria-pressed': isChosen ? 'true' : 'false' });
      setText(name, quote?.stockName ?? '');
      if (quote === undefined) return;
      const { currentPrice, changePrice } = quote;
      const [direction, sign, word] =
        changePrice > 0 ? ['up', '▲', words.rises] : changePrice < 0 ? ['down', '▼', words.falls] : ['flat', '', ''];
      element.dataset.direction = direction;
      setText(price, formats.integer(currentPrice));
      setText(rate, formats.rate(quote.changeRate));
      setText(arrow, sign);
      setText(says, word);
      setText(amount, formats.integer(Math.abs(changePrice)));
      setText(volume, formats.compact(quote.volume));
      span.show(quote, words.rangeSays(formats.integer(quote.lowPrice), formats.integer(quote.highPrice)));
      if (lastPrice !== undefined && lastPrice !== currentPrice) flash(price, currentPrice > lastPrice ? 'up' : 'down');
      lastPrice = currentPrice;
    },
  };
}

/** Where the price stands between the low and the high of the day, and where the day began. */
function createRange(): { readonly element: SVGElement; show(quote: Quote, says: string): void } {
  const body = makeSvg('rect', { class: 'range-body', y: 4.5, height: 3, rx: 1 });
  const mark = makeSvg('circle', { class: 'range-mark', cy: 6, r: 3.2 });
  const track = makeSvg('rect', { class: 'range-track', x: 0, y: 5.25, width: 72, height: 1.5, rx: 0.75 });
  const element = makeSvg('svg', { viewBox: '-4 0 80 12', role: 'img' }, track, body, mark);
  return {
    element,
    show({ currentPrice, openPrice, highPrice, lowPrice }, says) {
      const at = (price: number) =>
        highPrice === lowPrice ? 36 : +((72 * (price - lowPrice)) / (highPrice - lowPrice)).toFixed(1);
      const [open, now] = [at(openPrice), at(currentPrice)];
      setAttributes(body, { x: Math.min(open, now), width: Math.abs(now - open) });
      setAttributes(mark, { cx: now });
      setAttributes(element, { 'aria-label': says });
    },
  };
}

function flash(cell: HTMLElement, direction: 'up' | 'down'): void {
  if (matchMedia('(prefers-reduced-motion: reduce)').matches) return;
  cell.animate([{ backgroundColor: `var(--${direction}-faint)` }, { backgroundColor: 'transparent' }], 900);
}

import { make, setAttributes, setText } from '../dom.ts';

/** A figure with its name; `isTrouble` marks it. */
type Figure = readonly [term: string, value: string, isTrouble?: boolean];

/** A row of small figures, always the same number of them. */
export function createFigures(count: number): {
  readonly element: HTMLElement;
  show(figures: readonly Figure[]): void;
} {
  const cells = Array.from({ length: count }, () => ({ term: make('dt'), value: make('dd') }));
  const element = make('dl', { class: 'figures' }, ...cells.map(({ term, value }) => make('div', {}, term, value)));
  return {
    element,
    show(figures) {
      for (const [n, { term, value }] of cells.entries()) {
        const [name = '', text = '', isTrouble = false] = figures[n] ?? [];
        setText(term, name);
        setText(value, text);
        setAttributes(value, { 'data-trouble': isTrouble });
      }
    },
  };
}

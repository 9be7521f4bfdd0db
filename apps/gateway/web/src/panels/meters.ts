import { find, make, setText } from '../dom.ts';
import type { Panel } from '../view.ts';
import { createFigures } from './figures.ts';

/** How much the cache spares, and how fast KIS answers. */
export function createMeters(): Panel {
  const share = make('p', { class: 'verdict' });
  const fill = make('div', { class: 'gauge-fill' });
  const counts = createFigures(2);
  find('#cache').append(share, make('div', { class: 'gauge', 'aria-hidden': 'true' }, fill), counts.element);
  const [median, medianIs] = [make('span'), make('span', { class: 'aside' })];
  const tail = createFigures(1);
  find('#latency').append(make('p', { class: 'verdict' }, median, ' ', medianIs), tail.element);

  return ({ account, words, formats }) => {
    if (account === undefined) return;
    const { hits, misses } = account.cache;
    const asked = hits + misses;
    setText(share, asked === 0 ? words.noCache : words.hitShare(formats.share(hits / asked)));
    fill.style.width = asked === 0 ? '0' : `${(100 * hits) / asked}%`;
    counts.show([
      [words.hits, formats.compact(hits)],
      [words.misses, formats.compact(misses)],
    ]);
    const { latency } = account;
    setText(median, latency === undefined ? words.noLatency : formats.ms(latency.p50Ms));
    setText(medianIs, latency === undefined ? '' : words.median);
    tail.show([[words.of99, latency === undefined ? '–' : formats.ms(latency.p99Ms)]]);
  };
}

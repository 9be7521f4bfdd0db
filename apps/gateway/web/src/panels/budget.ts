import type { Second } from '../../../src/live/events.ts';
import { find, make, makeSvg, setAttributes, setText } from '../dom.ts';
import type { Panel } from '../view.ts';
import { createFigures } from './figures.ts';

const SECONDS = 60;
const HEIGHT = 100;
/** Of a second's column, the rest is the gap. */
const WIDTH = 0.72;

/** What was used of the budget in each of the last sixty seconds, under the limit. */
export function createBudget(): Panel {
  const [used, limitText, note] = [
    make('span', { class: 'big' }),
    make('span', { class: 'of' }),
    make('span', { class: 'note' }),
  ];
  const headline = make('p', { class: 'headline' }, used, limitText, note);
  const bars = Array.from({ length: SECONDS }, (_, x) => {
    const [granted, refused] = ['bar', 'bar bar-refused'].map((name) =>
      makeSvg('rect', {
        class: name,
        'data-now': x === SECONDS - 1,
        x: x + (1 - WIDTH) / 2,
        width: WIDTH,
        y: HEIGHT,
        height: 0,
      }),
    ) as [SVGRectElement, SVGRectElement];
    return { granted, refused };
  });
  const limitLine = makeSvg('line', { class: 'limit-line', x1: 0, x2: SECONDS });
  const effectiveLine = makeSvg('line', { class: 'limit-line effective', x1: 0, x2: SECONDS });
  const svg = makeSvg(
    'svg',
    { class: 'bars', viewBox: `0 0 ${SECONDS} ${HEIGHT}`, preserveAspectRatio: 'none', role: 'img' },
    ...bars.flatMap(({ granted, refused }) => [granted, refused]),
    limitLine,
    effectiveLine,
  );
  const limitMark = make('span', { class: 'limit-mark', 'aria-hidden': 'true' });
  const caption = make('p', { class: 'axis', 'aria-hidden': 'true' });
  const figures = createFigures(5);
  find('#budget').append(headline, make('div', { class: 'bars-box' }, svg, limitMark), caption, figures.element);

  return ({ account, model, words, formats }) => {
    if (account === undefined) return;
    const { limiter } = account;
    const { limit, share } = limiter;
    // One of many has less than a call a second.
    const effectiveLimit = share === undefined ? limiter.effectiveLimit : (share.limit * 1_000) / share.windowMs;
    const seconds = model.seconds.get(account.name) ?? [];
    const last = account.second ?? { granted: 0, atMs: 0 };
    setText(used, formats.integer(last.granted));
    setText(limitText, words.perSecond(formats.pace(effectiveLimit)));
    setText(note, noteOf());
    setAttributes(svg, { 'aria-label': words.usedOf(formats.integer(last.granted), formats.pace(effectiveLimit)) });
    draw(seconds, limit, effectiveLimit, last.atMs);
    setText(limitMark, formats.integer(limit));
    setText(caption, words.lastMinute);
    figures.show([
      [words.queued, formats.integer(limiter.waiting)],
      [words.waitMedian, formats.ms(limiter.waitP50Ms)],
      [words.waitLongest, formats.ms(limiter.waitP99Ms)],
      [words.total, formats.compact(limiter.granted)],
      [words.refusals, formats.integer(limiter.refused), limiter.refused > 0],
    ]);

    function noteOf(): string {
      if (limiter.pauseMs > 0) return words.paused(formats.ms(limiter.pauseMs));
      if (share !== undefined) return words.ownShare(formats.integer(share.limit), formats.ms(share.windowMs));
      return effectiveLimit < limit ? words.lowered(formats.integer(effectiveLimit), formats.integer(limit)) : '';
    }
  };

  function draw(seconds: readonly Second[], limit: number, effectiveLimit: number, lastMs: number): void {
    const top = Math.max(limit * 1.15, ...seconds.map(({ granted }) => granted));
    const y = (count: number) => +(HEIGHT * (1 - count / top)).toFixed(2);
    const byAge = new Map(seconds.map((second) => [Math.round((lastMs - second.atMs) / 1_000), second]));
    for (const [x, bar] of bars.entries()) {
      const { granted = 0, refused = 0 } = byAge.get(SECONDS - 1 - x) ?? {};
      setAttributes(bar.granted, { y: y(granted), height: HEIGHT - y(granted) });
      setAttributes(bar.refused, { y: y(granted), height: y(granted - refused) - y(granted) });
    }
    setAttributes(limitLine, { y1: y(limit), y2: y(limit) });
    setAttributes(effectiveLine, {
      y1: y(effectiveLimit),
      y2: y(effectiveLimit),
      visibility: effectiveLimit < limit ? undefined : 'hidden',
    });
    limitMark.style.top = `${y(limit)}%`;
  }
}

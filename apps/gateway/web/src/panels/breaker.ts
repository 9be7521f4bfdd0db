import { createFiller, find, make, setAttributes, setText } from '../dom.ts';
import type { Panel } from '../view.ts';

/** Whether calls may leave, and how many failures in a row are still borne. */
export function createBreaker(): Panel {
  const root = find('#breaker');
  const [state, pips, says] = [
    make('p', { class: 'verdict' }),
    make('p', { class: 'pips' }),
    make('p', { class: 'quiet' }),
  ];
  root.append(state, pips, says);
  const fillPips = createFiller(pips);
  setAttributes(pips, { 'aria-hidden': 'true' });

  return ({ account, words, formats }) => {
    if (account === undefined) return;
    const { breaker } = account;
    root.dataset.state = breaker.state;
    setText(state, words.breakerState[breaker.state]);
    const shown = Math.min(breaker.failureThreshold, 12);
    const failed = breaker.state === 'OPEN' ? shown : Math.min(breaker.failures, shown);
    fillPips(`${failed}/${shown}`, () =>
      Array.from({ length: shown }, (_, n) => make('span', { class: n < failed ? 'pip failed' : 'pip' })),
    );
    const failures = words.failuresOf(formats.integer(breaker.failures), formats.integer(breaker.failureThreshold));
    setText(says, breaker.state === 'OPEN' ? words.retriesIn(formats.span(breaker.retryAfterMs + 999)) : failures);
  };
}

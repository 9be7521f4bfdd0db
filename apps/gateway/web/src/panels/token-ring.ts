import type { Attempt, TokenState } from '../../../src/live/events.ts';
import { find, make, makeSvg, setAttributes, setText } from '../dom.ts';
import type { Panel } from '../view.ts';

const SIZE = 200;
const CENTRE = SIZE / 2;
const RADIUS = 80;
/** Where the attempts stand, outside. */
const ORBIT = 93;

/** The life of a token as one turn: issued at twelve, ends at twelve. What is left is drawn, and every attempt at its hour. */
export function createTokenRing(): Panel {
  const left = makeSvg('path', { class: 'ring-left' });
  const renewal = makeSvg('path', { class: 'ring-renewal' });
  const hand = makeSvg('circle', { class: 'ring-hand', r: 6 });
  const dots = makeSvg('g');
  const svg = makeSvg(
    'svg',
    { viewBox: `0 0 ${SIZE} ${SIZE}`, role: 'img' },
    makeSvg('circle', { class: 'ring-track', cx: CENTRE, cy: CENTRE, r: RADIUS }),
    left,
    renewal,
    hand,
    dots,
  );
  const [state, span, label] = [make('p', { class: 'ring-state' }), make('p', { class: 'ring-span' }), make('p')];
  find('#ring').append(svg, make('div', { class: 'ring-text', 'aria-hidden': 'true' }, span, label, state));

  return ({ account, words, formats }) => {
    const token = account?.token;
    if (token === undefined) return;
    const text = formats.span(token.remainingMs);
    setText(state, words.tokenState[token.state]);
    setText(span, token.issuedAtMs === undefined ? '–' : text);
    setText(label, words.left);
    setAttributes(svg, {
      'data-state': token.state,
      'aria-label': words.ringSays(words.tokenState[token.state], text),
    });
    drawLife(token, ({ atMs, outcome }) => `${formats.time(atMs)} ${words.outcome[outcome]}`);
  };

  function drawLife(token: TokenState, describe: (attempt: Attempt) => string): void {
    const { issuedAtMs, expiresAtMs, nowMs } = token;
    const isThere = issuedAtMs !== undefined && expiresAtMs !== undefined;
    for (const part of [left, renewal, hand]) setAttributes(part, { visibility: isThere ? undefined : 'hidden' });
    if (!isThere) {
      dots.replaceChildren();
      return;
    }
    const turn = (atMs: number) => Math.min(1, Math.max(0, (atMs - issuedAtMs) / (expiresAtMs - issuedAtMs)));
    const ahead = Math.min(token.refreshAheadMs, (expiresAtMs - issuedAtMs) / 2);
    setAttributes(left, { d: arc(turn(nowMs), 1, RADIUS) });
    setAttributes(renewal, { d: arc(turn(expiresAtMs - ahead), 1, RADIUS) });
    const [x, y] = place(turn(nowMs), RADIUS);
    setAttributes(hand, { cx: x, cy: y });
    const shown = token.attempts.filter(({ atMs }) => atMs >= issuedAtMs - 60_000 && atMs <= expiresAtMs);
    // What gave the token lies on top of what was refused a minute before.
    const fromBelow = shown.toSorted((one, other) => +(one.outcome === 'issued') - +(other.outcome === 'issued'));
    dots.replaceChildren(...fromBelow.map((attempt) => drawAttempt(attempt, turn(attempt.atMs), describe(attempt))));
  }
}

function drawAttempt({ outcome }: Attempt, turn: number, says: string): SVGElement {
  const [cx, cy] = place(turn, ORBIT);
  const dot = { class: 'ring-attempt', 'data-outcome': outcome, cx, cy, r: 3.5 };
  return makeSvg('circle', dot, makeSvg('title', {}, says));
}

/** At which point of the circle a share of the turn is, clockwise from twelve. */
function place(turn: number, radius: number): [number, number] {
  const angle = turn * 2 * Math.PI;
  return [CENTRE + radius * Math.sin(angle), CENTRE - radius * Math.cos(angle)].map((at) => +at.toFixed(2)) as [
    number,
    number,
  ];
}

function arc(from: number, to: number, radius: number): string {
  // A whole turn has no beginning: an arc cannot draw it.
  const end = Math.min(to, from + 0.9999);
  const [x1, y1] = place(from, radius);
  const [x2, y2] = place(end, radius);
  return `M${x1} ${y1}A${radius} ${radius} 0 ${end - from > 0.5 ? 1 : 0} 1 ${x2} ${y2}`;
}

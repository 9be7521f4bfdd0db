import type { Attempt } from '../../../src/live/events.ts';
import { createFiller, find, make } from '../dom.ts';
import type { Panel, View } from '../view.ts';

const SHOWN = 5;

/** The same life in words: its instants, and who asked KIS and what came of it. */
export function createTokenFacts(): Panel {
  const fillFacts = createFiller(find('#token-facts'));
  const fillAttempts = createFiller(find('#attempts'));

  return ({ account, model, words, formats, language }) => {
    const token = account?.token;
    if (token === undefined) return;
    const at = (ms: number | undefined) => (ms === undefined ? '–' : formats.dateTime(ms));
    const isShared = token.stored && model.hello?.storage !== 'memory';
    const facts = [
      [words.issued, at(token.issuedAtMs)],
      [words.renews, at(token.expiresAtMs && token.expiresAtMs - token.refreshAheadMs)],
      [words.expires, at(token.expiresAtMs)],
      [words.stored, isShared ? words.isStored : words.notStored],
    ] as const;
    fillFacts(facts.join(), () =>
      facts.map(([term, value]) => make('div', {}, make('dt', {}, term), make('dd', {}, value))),
    );
    const shown = token.attempts.slice(0, SHOWN);
    fillAttempts(language + JSON.stringify(shown), () =>
      shown.length === 0
        ? [make('li', { class: 'quiet' }, words.noAttempts)]
        : shown.map((attempt) => describeAttempt(attempt, { words, formats })),
    );
  };
}

function describeAttempt(attempt: Attempt, { words, formats }: Pick<View, 'words' | 'formats'>): HTMLElement {
  const { outcome, kisCode, forced, count = 1, atMs, by } = attempt;
  const notes = [
    kisCode,
    forced === true ? words.forced : undefined,
    count > 1 ? words.times(formats.integer(count)) : undefined,
  ].filter((note) => note !== undefined);
  return make(
    'li',
    { 'data-outcome': outcome, title: by },
    make('span', { class: 'pip', 'aria-hidden': 'true' }),
    make('time', { datetime: new Date(atMs).toISOString() }, formats.time(atMs)),
    make('span', { class: 'outcome' }, words.outcome[outcome]),
    make('span', { class: 'quiet' }, notes.join(' · ')),
  );
}

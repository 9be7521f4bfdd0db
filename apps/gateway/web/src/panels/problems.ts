import type { ProblemNote } from '../../../src/live/events.ts';
import { createFiller, find, make } from '../dom.ts';
import type { Panel, View } from '../view.ts';
import { remedyFor } from '../words/remedies.ts';

const SHOWN = 8;

export function createProblems(): Panel {
  const fill = createFiller(find('#problems'));
  return (view) => {
    const shown = view.model.problems.slice(0, SHOWN);
    fill(view.language + JSON.stringify(shown), () =>
      shown.length === 0
        ? [make('li', { class: 'nothing' }, view.words.noProblems)]
        : shown.map((problem) => describe(problem, view)),
    );
  };
}

function describe(problem: ProblemNote, { words, formats, language, toKisMs }: View): HTMLElement {
  const { atMs, code, kisCode, status, where, message, count = 1 } = problem;
  const facts = [where, status === undefined ? undefined : `HTTP ${status}`, problem.account];
  return make(
    'li',
    {},
    make(
      'p',
      { class: 'problem-head' },
      make('time', { datetime: new Date(toKisMs(atMs)).toISOString() }, formats.time(toKisMs(atMs))),
      make('code', {}, kisCode ?? code),
      ...(count > 1 ? [make('span', { class: 'count' }, `×${formats.integer(count)}`)] : []),
      make('span', { class: 'quiet' }, facts.filter((fact) => fact !== undefined).join(' · ')),
    ),
    make('p', { class: 'problem-says' }, message),
    make('p', { class: 'remedy' }, make('strong', {}, words.todo), ' ', remedyFor(problem, language)),
  );
}

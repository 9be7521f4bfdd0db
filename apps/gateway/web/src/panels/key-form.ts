import { find, setText } from '../dom.ts';
import type { Panel } from '../view.ts';

/** Asks for the gateway's key when the gateway wants one. */
export function createKeyForm(onKey: (key: string) => void): Panel {
  const form = find<HTMLFormElement>('#key');
  const field = find<HTMLInputElement>('#key-field');
  const wrong = find('#key-wrong');
  let denials = 0;
  let sentAfter = Number.POSITIVE_INFINITY;

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    sentAfter = denials;
    onKey(field.value);
    field.value = '';
  });

  return ({ link, model, words }) => {
    denials = model.denials;
    setText(wrong, denials > sentAfter ? words.keyWrong : '');
    const isAsked = link === 'denied';
    if (isAsked === !form.hidden) return;
    form.hidden = !isAsked;
    if (isAsked) field.focus();
  };
}

import { find, make } from '../dom.ts';
import type { Panel } from '../view.ts';

/** Which account is shown, where there are several. */
export function createAccounts(onChoose: (name: string) => void): Panel {
  const group = find<HTMLFieldSetElement>('#accounts');
  let names: readonly string[] = [];
  let language: string | undefined;
  group.addEventListener('change', (event) => onChoose((event.target as HTMLInputElement).value));
  return ({ model, account, words, language: next }) => {
    const accounts = model.state?.accounts ?? [];
    const now = accounts.map(({ name }) => name);
    if (now.join() === names.join() && language === next) return;
    [names, language] = [now, next];
    group.hidden = now.length < 2;
    for (const label of group.querySelectorAll('label')) label.remove();
    for (const { name, environment } of accounts) {
      const input = make('input', { type: 'radio', name: 'account', value: name });
      input.checked = name === account?.name;
      group.append(make('label', {}, input, `${name} · ${words.environment[environment]}`));
    }
  };
}

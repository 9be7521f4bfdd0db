import { find } from '../dom.ts';
import { applyPreferences, type Preferences, readPreferences, type Theme } from '../preferences.ts';
import type { Language, Words } from '../words/index.ts';

/** Language and theme: what was chosen is applied and remembered at once. */
export function createSettings(onChange: (preferences: Preferences) => void): Preferences {
  let preferences = readPreferences();
  for (const name of ['language', 'theme'] as const) {
    const group = find(`#${name}`);
    find<HTMLInputElement>(`input[value="${preferences[name]}"]`, group).checked = true;
    group.addEventListener('change', (event) => {
      const { value } = event.target as HTMLInputElement;
      preferences = { ...preferences, [name]: value as Language & Theme };
      applyPreferences(preferences);
      onChange(preferences);
    });
  }
  return preferences;
}

/** Writes the words that stand in index.html itself. */
export function writeWords(words: Words): void {
  document.documentElement.dataset.written = '';
  for (const element of document.querySelectorAll<HTMLElement>('[data-word]')) {
    const text = words[element.dataset.word as keyof Words];
    if (typeof text === 'string') element.textContent = text;
  }
}

import type { Language } from './words/index.ts';

export type Theme = 'auto' | 'light' | 'dark';

export interface Preferences {
  readonly language: Language;
  readonly theme: Theme;
}

/** The same name and form as in `public/early.js`, which applies them before the first paint. */
const NAME = 'kis-gateway';

export function readPreferences(): Preferences {
  const { dataset, lang } = document.documentElement;
  const theme = dataset.theme;
  return {
    language: lang === 'en' ? 'en' : 'ko',
    theme: theme === 'light' || theme === 'dark' ? theme : 'auto',
  };
}

export function applyPreferences(preferences: Preferences): void {
  const { documentElement } = document;
  documentElement.lang = preferences.language;
  if (preferences.theme === 'auto') delete documentElement.dataset.theme;
  else documentElement.dataset.theme = preferences.theme;
  try {
    localStorage.setItem(NAME, JSON.stringify(preferences));
  } catch {
    // A browser that keeps nothing: it holds for this visit.
  }
}

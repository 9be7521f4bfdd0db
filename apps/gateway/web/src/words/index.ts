import { en } from './en.ts';
import { ko, type Words } from './ko.ts';
import type { Language } from './language.ts';

export type { Language, Words };

export const words: Readonly<Record<Language, Words>> = { ko, en };

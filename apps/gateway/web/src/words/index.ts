import { en } from './en.ts';
import { ko } from './ko.ts';

export type Language = 'ko' | 'en';
export type Words = typeof ko;

export const words: Readonly<Record<Language, Words>> = { ko, en };

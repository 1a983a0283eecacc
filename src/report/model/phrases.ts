import { ENGLISH } from './phrases-en';
import { JAPANESE } from './phrases-ja';
import { PAGE_ENGLISH } from './phrases-page-en';
import { PAGE_JAPANESE } from './phrases-page-ja';

export type Language = 'en' | 'ja';
export const LANGUAGES: readonly Language[] = ['en', 'ja'];
export type PhraseKey = keyof typeof ENGLISH | keyof typeof PAGE_ENGLISH;

/**
 * A sentence of the report in its language: `{name}` in the phrase is replaced by the value of that name, and
 * `{name retry|retries}` by the value with the word for one or for several.
 */
export type Say = (key: PhraseKey, values?: Readonly<Record<string, string | number>>) => string;

const PHRASES: Readonly<Record<Language, Readonly<Record<PhraseKey, string>>>> = {
  en: { ...ENGLISH, ...PAGE_ENGLISH },
  ja: { ...JAPANESE, ...PAGE_JAPANESE },
};

export function sayIn(language: Language): Say {
  const phrases = PHRASES[language];
  return (key, values = {}) => phrases[key].replace(/\{(\w+)(?: ([^|}]+)\|([^}]+))?\}/g, (whole, name: string, one?: string, many?: string) => {
    if (!Object.hasOwn(values, name)) return whole;
    return many === undefined ? String(values[name]) : `${values[name]} ${Number(values[name]) === 1 ? one : many}`;
  });
}

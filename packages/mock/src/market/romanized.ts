const FIRST = 'g kk n d tt r m b pp s ss  j jj ch k t p h'.split(' ');
const VOWEL = 'a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i'.split(' ');
const LAST = ' k k k n n n t l k m l l l p l m p p t t ng t t k t p t'.split(' ');
const FIRST_SYLLABLE = 0xac00;
const LAST_SYLLABLE = 0xd7a3;

/** A Korean name in Latin letters, syllable by syllable; what is no Korean letter stays. */
export function romanized(name: string): string {
  const latin = Array.from(name, (letter) => {
    const point = letter.codePointAt(0) ?? 0;
    if (point < FIRST_SYLLABLE || point > LAST_SYLLABLE) return letter;
    const place = point - FIRST_SYLLABLE;
    const syllable = [FIRST[Math.floor(place / 588)], VOWEL[Math.floor((place % 588) / 28)], LAST[place % 28]];
    return syllable.join('');
  }).join('');
  return latin.charAt(0).toUpperCase() + latin.slice(1);
}

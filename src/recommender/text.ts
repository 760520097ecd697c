/** Lower-case, without accents, everything but letters and digits as one space. */
function normalise(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** Words of a text in order. */
export function words(text: string): string[] {
  const plain = normalise(text);
  return plain === '' ? [] : plain.split(' ');
}

/** Runs of 3 to 5 characters of each word, the word's ends marked: 'mug' gives '<mu', 'mug', 'ug>', '<mug', 'mug>', '<mug>'. */
export function characterGrams(word: string): string[] {
  const marked = [...`<${word}>`];
  const grams: string[] = [];
  for (let n = 3; n <= 5; n++) for (let i = 0; i + n <= marked.length; i++) grams.push(marked.slice(i, i + n).join(''));
  return grams;
}

/** 32-bit FNV-1a over UTF-16 code units, finished as in MurmurHash3 so that its low bits are good. */
export function hashText(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

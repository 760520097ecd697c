/** A product's name for a sentence or a label: without control characters, on one line, not longer than `most` letters. */
export function productName(name: string | null, most = 60): string {
  const plain = (name ?? '')
    .toWellFormed()
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  const letters = [...plain];
  return letters.length > most
    ? `${letters
        .slice(0, most - 1)
        .join('')
        .trimEnd()}…`
    : plain || 'Unnamed product';
}

/**
 * Text whose numbers are all bound: the typed parts of the template must hold no digit, so that every number in a sentence comes
 * from a value. Interpolations are printed as they are; format them first.
 * @throws Error when a digit is typed, or a value is missing or not a finite number.
 */
export function prose(typed: TemplateStringsArray, ...values: (string | number)[]): string {
  let text = '';
  typed.forEach((part, i) => {
    if (/[0-9]/.test(part)) throw new Error(`prose: a typed number in «${part.trim()}»; bind it to a value instead`);
    text += part;
    if (i >= values.length) return;
    const value = values[i];
    if (value === undefined || value === null || (typeof value === 'number' && !Number.isFinite(value))) {
      throw new Error(`prose: no value after «${part.trim()}»`);
    }
    text += String(value);
  });
  return text.replace(/\s+/g, ' ').trim();
}

/** 'a', 'a and b', 'a, b and c'. */
export function listed(words: string[]): string {
  if (words.length < 2) return words[0] ?? '';
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

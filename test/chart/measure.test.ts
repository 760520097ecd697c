import fc from 'fast-check';
import { expect, test } from 'vitest';
import { clean, textWidth, truncate } from '#chart/measure.ts';

// getComputedTextLength of Chromium 153 with the same WOFF2 files.
test.each([
  ['€1,234.50', 10, 400, 47],
  ['Fashion Hoodies & Sweatshirts', 10, 500, 147.56],
  ['−€12.3k, Oct 2025', 11, 600, 98.14],
  ['Česká Łódź', 10, 400, 55.92],
  ['AVATAR To. Ty', 10, 400, 69.06],
] as const)('%s in %d px, weight %d, is as wide as the browser draws it', (text, size, weight, width) => {
  expect(Math.abs(textWidth(text, size, weight) - width)).toBeLessThan(0.3);
});

test('scales with the size, grows with the weight', () => {
  expect(textWidth('Net revenue', 20)).toBeCloseTo(2 * textWidth('Net revenue', 10), 1);
  expect(textWidth('Net revenue', 10, 600)).toBeGreaterThan(textWidth('Net revenue', 10, 400));
});

test('scripts that the font lacks count by the em', () => {
  expect(textWidth('日本', 10)).toBe(22);
  expect(textWidth('', 10)).toBe(0);
});

test('a cut text fits, ends in an ellipsis, and never splits a character', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), fc.integer({ min: 20, max: 200 }), (raw, width) => {
      const text = clean(raw);
      const cut = truncate(text, width);
      expect(textWidth(cut)).toBeLessThanOrEqual(width);
      expect(cut.isWellFormed()).toBe(true);
      if (textWidth(text) <= width) expect(cut).toBe(text);
      else expect(cut.endsWith('…')).toBe(true);
    }),
    { numRuns: 60 },
  );
});

test.each([
  ['a\nb\t c', 'a b c'],
  ['\u202egnp.exe', 'gnp.exe'],
  ['', '(blank)'],
  [null, '–'],
  ['\ud800x', '\ufffdx'],
])('clean %j', (raw, expected) => {
  expect(clean(raw)).toBe(expected);
});

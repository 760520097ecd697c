import { describe, expect, test } from 'vitest';
import { chartVariables, colour, contrast, palette, sequence, textPairs } from '#chart/theme.ts';

test('contrast as WCAG computes it', () => {
  expect(contrast('#000000', '#FFFFFF')).toBe(21);
  expect(contrast('#777777', '#FFFFFF')).toBeCloseTo(4.48, 2);
  expect(contrast('#FFFFFF', '#777777')).toBeCloseTo(4.48, 2);
});

describe.each(['light', 'dark'] as const)('%s', (mode) => {
  test.each(textPairs)('%s on %s is at least 4.5', (text, ground) => {
    expect(contrast(palette[text][mode], palette[ground][mode])).toBeGreaterThanOrEqual(4.5);
  });

  test.each(['accent', 'signal', 'slate', 'ochre', 'mute'] as const)('%s as a mark on paper is at least 3', (role) => {
    expect(contrast(palette[role][mode], palette.paper[mode])).toBeGreaterThanOrEqual(3);
  });

  test('each class of the sequence is a step away from paper, so that it reads in grey', () => {
    const steps = ([0, 1, 2, 3, 4, 5, 6] as const).map((i) => contrast(palette[`seq-${i}`][mode], palette.paper[mode]));
    expect(steps).toEqual(steps.toSorted((a, b) => a - b));
    expect(new Set(steps.map((step) => step.toFixed(2))).size).toBe(7);
  });
});

test('each role has a light colour of its own, so that a colour names one variable', () => {
  const light = Object.values(palette).map((role) => role.light);
  expect(new Set(light).size).toBe(light.length);
});

test('variables and fallbacks', () => {
  expect(colour('accent')).toBe('var(--c-accent,#0E5A63)');
  expect(chartVariables('dark')).toContain('--c-accent:#6FC3CB');
  expect(sequence).toHaveLength(7);
});

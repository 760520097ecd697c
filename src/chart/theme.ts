/** Colours by role: the light values are the house's palette, the dark ones keep the same contrast order on `paper`. */
export const palette = {
  ink: { light: '#1B1B18', dark: '#F4F2EA' },
  text: { light: '#2E2E2A', dark: '#DEDBD1' },
  mute: { light: '#66645C', dark: '#A5A297' },
  rule: { light: '#D9D6CC', dark: '#45433C' },
  faint: { light: '#EFEDE6', dark: '#2A2925' },
  paper: { light: '#FFFFFF', dark: '#171714' },
  accent: { light: '#0E5A63', dark: '#6FC3CB' },
  'accent-soft': { light: '#A9CBCD', dark: '#2F5A5F' },
  signal: { light: '#B4500B', dark: '#F0955A' },
  'signal-soft': { light: '#E6C4A9', dark: '#6A4228' },
  grey: { light: '#B9B6AB', dark: '#6B6960' },
  slate: { light: '#6E7F8D', dark: '#93A5B4' },
  ochre: { light: '#8A6A1F', dark: '#CDA64F' },
  'seq-0': { light: '#EDF3F3', dark: '#1E2A2B' },
  'seq-1': { light: '#DAE8E8', dark: '#21383B' },
  'seq-2': { light: '#C2D9DA', dark: '#27474B' },
  'seq-3': { light: '#A3C6C8', dark: '#2E575C' },
  'seq-4': { light: '#7DAEB2', dark: '#37696F' },
  'seq-5': { light: '#3B7A81', dark: '#8CC4C9' },
  'seq-6': { light: '#0E5B63', dark: '#B9DEE1' },
  'seq-text-low': { light: '#1B1B19', dark: '#F4F2EA' },
  'seq-text-high': { light: '#FFFFFE', dark: '#10201F' },
} as const;

export type Role = keyof typeof palette;

/** Light values by role; specifications hold these, and the renderer turns them into variables. */
export const C = Object.fromEntries(Object.entries(palette).map(([role, { light }]) => [role, light])) as Record<Role, string>;

/** Roles that carry text, with the roles that they may stand on. */
export const textPairs: [Role, Role][] = [
  ['ink', 'paper'],
  ['text', 'paper'],
  ['mute', 'paper'],
  ['accent', 'paper'],
  ['signal', 'paper'],
  ['ochre', 'paper'],
  ['text', 'faint'],
  ['mute', 'faint'],
  ...([0, 1, 2, 3, 4] as const).map((i): [Role, Role] => ['seq-text-low', `seq-${i}`]),
  ...([5, 6] as const).map((i): [Role, Role] => ['seq-text-high', `seq-${i}`]),
];

/** Classes of the sequential scale, low to high, with the text colour that stands on each. */
export const sequence = ([0, 1, 2, 3, 4, 5, 6] as const).map((i) => ({
  fill: C[`seq-${i}`],
  text: i < 5 ? C['seq-text-low'] : C['seq-text-high'],
}));

/** Colours of up to five series, told apart in grey by lightness and on the page by their direct labels. The signal colour says that something is bad, and so comes late. */
export const seriesColours = [C.accent, C.slate, C.ochre, C.signal, C.grey];
/** Text colours beside them: grey lines carry muted text. */
export const seriesText = [C.accent, C.mute, C.ochre, C.signal, C.mute];

/** Final widths in CSS px. */
export const widths = { full: 642, half: 306, narrow: 340 } as const;

export const fontSize = 10;

/** Declarations of the variables, to be put into the stylesheet: `:root{…}` in light and again in dark. */
export function chartVariables(mode: 'light' | 'dark'): string {
  return Object.entries(palette)
    .map(([role, colour]) => `--c-${role}:${colour[mode]}`)
    .join(';');
}

/** 'var(--c-accent,#0E5A63)': what a hand-made SVG writes into fill and stroke. */
export function colour(role: Role): string {
  return `var(--c-${role},${palette[role].light})`;
}

/** WCAG 2 contrast ratio of two '#rrggbb' colours, 1 to 21. */
export function contrast(a: string, b: string): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((i) => {
    const c = Number.parseInt(hex.slice(i, i + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

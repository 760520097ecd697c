import type { Catalogue } from './catalogue.ts';
import { words } from './text.ts';

const colours =
  'amber apricot aqua azure beige black blue bordeaux bronze brown burgundy camel charcoal cherry chocolate cobalt copper coral cream ' +
  'crimson cyan ecru emerald fuchsia fuschia gold golden green grey gray indigo ivory jade khaki lavender lemon lilac lime magenta ' +
  'maroon mauve mint mocha mustard navy nude ochre olive orange peach pearl pink plum purple red rose ruby rust sage sand sapphire ' +
  'scarlet silver sky tan taupe teal terracotta turquoise vanilla violet white wine yellow';
const shades = 'bright dark deep heather hot light medium neon pale pastel';
const sizes = 'xxs xs s m l xl xxl xxxl 2xl 3xl 4xl 5xl small large petite plus tall short';

const loose = new Set(`${colours} ${shades} ${sizes}`.split(' '));

/** What a name says besides colour, shade and size; all of it where nothing else is left. */
export function plainName(name: string): string {
  const all = words(name);
  const kept = all.filter((word) => !loose.has(word) && !/^\d{1,2}$/.test(word));
  return (kept.length > 0 ? kept : all).join(' ');
}

/**
 * Groups of products that are one product in other colours or sizes: equal brand and category, and names that differ at most in words
 * of colour, shade and size (English) and in numbers of one or two digits. Group of product i at i, numbered by first appearance.
 */
export function variantGroups({ ids, names, brands, categories }: Catalogue): Int32Array {
  const groups = new Map<string, number>();
  return Int32Array.from(ids, (_, i) => {
    const name = plainName(names[i]!);
    const key = name === '' ? `\u0000${i}` : JSON.stringify([name, brands[i], categories[i]]);
    const group = groups.get(key) ?? groups.size;
    groups.set(key, group);
    return group;
  });
}

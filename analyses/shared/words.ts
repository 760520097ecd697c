import type { Formatter } from '#contract/format.ts';
import type { Polarity, Standing, Unit } from '#contract/metric.ts';
import { change } from './change.ts';

/** 'rose', 'fell', 'was level'. */
export function moved(difference: number | null): 'rose' | 'fell' | 'was level' {
  return !difference ? 'was level' : difference > 0 ? 'rose' : 'fell';
}

/** Where a value stands, to follow 'is' or 'stood': 'within its normal range'. */
export const standingWords: Record<Standing, string> = {
  above: 'above its expected range',
  inside: 'within its normal range',
  below: 'below its expected range',
  unknown: 'not yet judged, as its history is too short',
};

/** Size of a move without its sign, as 'rose' or 'fell' tells the direction: '6.1%', or '0.9 pt' for shares. Null where undefined. */
export function moveSize(format: Formatter, now: number | null, before: number | null, unit: Unit): string | null {
  if (now === null || before === null) return null;
  if (unit === 'share') return format.points(Math.abs(now - before)).replace(/^\+/, '');
  const relative = change(now, before);
  return relative === null ? null : format.share(Math.abs(relative));
}

/** 'rose 6.1% to €1.84M', 'was level at 20 orders', or 'was €1.84M' where there is nothing to compare with. */
export function movement(format: Formatter, now: number, before: number | null, unit: Unit): string {
  const value = format.unit(now, unit);
  if (before === null) return `was ${value}`;
  const size = moveSize(format, now, before, unit);
  const isLevel = size === null ? now === before : !/[1-9]/.test(size);
  if (isLevel) return `was level at ${value}`;
  return size === null ? `${moved(now - before)} to ${value}` : `${moved(now - before)} ${size} to ${value}`;
}

/** Whether a difference is good news; `neutral` for none or a metric without a direction. */
export function directionOf(difference: number, polarity: Polarity): 'good' | 'bad' | 'neutral' {
  if (difference === 0 || polarity === 'none') return 'neutral';
  return difference > 0 === (polarity === 'up') ? 'good' : 'bad';
}

/** 'none of twelve', 'three of seven': to stand in a sentence. */
export function someOf(format: Formatter, some: number, all: number): string {
  return `${some === 0 ? 'none' : format.word(some)} of ${format.word(all)}`;
}

/** '6.1% above', '3.0% below', 'level with': a relative change, to stand before what it is compared with. */
export function comparedWords(format: Formatter, relative: number): string {
  const size = format.share(Math.abs(relative));
  return !/[1-9]/.test(size) ? 'level with' : `${size} ${relative > 0 ? 'above' : 'below'}`;
}

/** 'added €1,200', 'took away €300', 'changed nothing': what a part did to a sum of money, to follow its name. */
export function addedWords(format: Formatter, value: number): string {
  const size = format.money(Math.abs(value));
  return !/[1-9]/.test(size) ? 'changed nothing' : `${value > 0 ? 'added' : 'took away'} ${size}`;
}

/** 'rose €1,200', 'fell €300', 'was level': what a sum of money did, to follow its name. */
export function movedBy(format: Formatter, value: number): string {
  const size = format.money(Math.abs(value));
  return !/[1-9]/.test(size) ? 'was level' : `${moved(value)} ${size}`;
}

/** A round share such as a level of confidence: '95%', '99.5%'. */
export function percent(format: Formatter, value: number): string {
  return format.share(value).replace(/[.,]0(?=[^0-9]*$)/, '');
}

/** First letter in upper case: for a sentence that starts with a bound word. */
export function sentence(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** '1 order', '12 orders'. */
export function counted(format: Formatter, n: number, one: string, many = `${one}s`): string {
  return `${format.count(n)} ${n === 1 ? one : many}`;
}

/** 'one week', 'three weeks': small whole numbers as words. */
export function spelled(format: Formatter, n: number, one: string, many = `${one}s`): string {
  return `${format.word(n)} ${n === 1 ? one : many}`;
}

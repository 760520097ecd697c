import type { Formatter } from '#contract/format.ts';
import type { Unit } from '#contract/metric.ts';

/** A linear scale with its own ticks. */
export interface Scale {
  domain: [number, number];
  ticks: number[];
}

export interface ScaleOptions {
  /** Include zero. */
  zero?: boolean | undefined;
  /** About how many ticks. */
  count?: number | undefined;
  /** Smallest step: 1 for counts. */
  minStep?: number | undefined;
  /** Let the domain end at the data instead of at a tick. */
  tight?: boolean | undefined;
}

/** A domain that holds all values, ending at round numbers; equal values get room on both sides. */
export function linear(values: number[], { zero = false, count = 5, minStep = 0, tight = false }: ScaleOptions = {}): Scale {
  let low = values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  let high = values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  if (low > high) [low, high] = [0, 1];
  // Noise of the arithmetic is not a range.
  [low, high] = [low, high].map((v) => (Math.abs(v) < 1e-12 ? 0 : v)) as [number, number];
  if (high - low <= 1e-9 * Math.max(Math.abs(low), Math.abs(high))) low = high;
  if (zero) [low, high] = [Math.min(0, low), Math.max(0, high)];
  if (low === high) {
    if (low === 0) high = 1;
    else if (zero) high = low + Math.abs(low) * 0.1;
    else [low, high] = [low - Math.abs(low) * 0.1, high + Math.abs(high) * 0.1];
  }
  const step = niceStep((high - low) / count, minStep);
  const first = tight ? Math.ceil(low / step - 1e-9) : Math.floor(low / step + 1e-9);
  const last = tight ? Math.floor(high / step + 1e-9) : Math.ceil(high / step - 1e-9);
  const ticks = Array.from({ length: Math.max(0, last - first) + 1 }, (_, i) => exact((first + i) * step));
  return { domain: tight ? [low, high] : [ticks[0] ?? low, ticks.at(-1) ?? high], ticks };
}

/** Position of a value between `from` and `to`. */
export function position(scale: Scale, value: number, from: number, to: number): number {
  const [low, high] = scale.domain;
  return from + ((value - low) / (high - low)) * (to - from);
}

/** Smallest useful tick step of a unit. */
export function minStep(unit: Unit): number {
  return unit === 'count' ? 1 : unit === 'share' ? 0.001 : unit === 'ratio' || unit === 'money' ? 0.01 : 0.1;
}

/** Tick labels in the shop's own writing, all with the same scale and as few decimals as tell them apart. */
export function tickLabels(ticks: number[], unit: Unit, format: Formatter): string[] {
  const size = ticks.reduce((most, tick) => Math.max(most, Math.abs(tick)), 0);
  const [divisor, suffix] =
    unit !== 'money' && unit !== 'count'
      ? [1, '']
      : size >= 1e9
        ? [1e9, 'bn']
        : size >= 1e6
          ? [1e6, 'M']
          : size >= 10_000
            ? [1e3, 'k']
            : [1, ''];
  const show = (tick: number): string => {
    if (unit === 'money') return format.moneyExact(tick / divisor);
    if (unit === 'count') return format.ratio(tick / divisor);
    return format.unit(tick, unit);
  };
  const texts = ticks.map((tick) => show(tick === 0 ? 0 : tick));
  const separator = /1(\D+)5/.exec(format.ratio(1.5))?.[1] ?? '.';
  const parts = texts.map((text) => {
    const at = text.lastIndexOf(separator);
    const digits = at < 0 ? '' : (/^\d+/.exec(text.slice(at + separator.length))?.[0] ?? '');
    return { text, at, digits, kept: digits.replace(/0+$/, '').length };
  });
  const decimals = parts.reduce((most, part) => Math.max(most, part.kept), 0);
  return parts.map(({ text, at, digits }, i) => {
    if (ticks[i] === 0) return at < 0 ? text : text.slice(0, at) + text.slice(at + separator.length + digits.length);
    const head = at < 0 ? text : text.slice(0, at) + (decimals > 0 ? separator + digits.slice(0, decimals) : '');
    const tail = at < 0 ? '' : text.slice(at + separator.length + digits.length);
    return suffix === '' ? head + tail : head.replace(/(\d)(?!.*\d)/, `$1${suffix}`) + tail;
  });
}

export interface DateTick {
  day: string;
  label: string;
}

/** Ticks on firsts of months (or days, for short spans): at most `most`, each 'Oct 2025', 'Oct' or '16 Aug'. */
export function dateTicks(first: string, last: string, most: number, format: Formatter): DateTick[] {
  const span = (time(last) - time(first)) / 86_400_000;
  if (span < 75) {
    const step = Math.max(1, Math.ceil(span / 7 / most)) * 7;
    const ticks: DateTick[] = [];
    for (let t = time(first); t <= time(last); t += (span < most ? 1 : step) * 86_400_000)
      ticks.push({ day: iso(t), label: format.dayMonth(iso(t)) });
    return ticks;
  }
  const months = span / 30.44;
  const step = [1, 2, 3, 6, 12, 24, 60].find((s) => months / s <= most) ?? 120;
  const ticks: DateTick[] = [];
  let year = Number(first.slice(0, 4));
  let month = Number(first.slice(5, 7)) - 1;
  while (true) {
    const day = iso(Date.UTC(year, month, 1));
    if (day > last) break;
    if (day >= first.slice(0, 10) && (year * 12 + month) % step === 0) {
      ticks.push({ day, label: step % 12 === 0 && months > 36 ? String(year) : `${shortMonth(day, format)} ${year}` });
    }
    month += 1;
    if (month === 12) [year, month] = [year + 1, 0];
  }
  return ticks;
}

/** 'Oct' in the shop's language, from its way of writing a day and month. */
export function shortMonth(day: string, format: Formatter): string {
  const name = format
    .dayMonth(day)
    .replace(/\d+/g, '')
    .replace(/(^|\s)de(\s|$)/g, ' ')
    .replace(/^[\s.,/-]+|[\s.,/-]+$/g, '');
  return /^\p{L}{3,}$/u.test(name) ? name : format.month(day).replace(/\s*\d{4}\D*$/, '');
}

/** Milliseconds of a day 'YYYY-MM-DD' at 00:00 UTC. */
export function time(day: string): number {
  return Date.parse(`${day.slice(0, 10)}T00:00:00Z`);
}

function iso(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

function niceStep(rough: number, least: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(rough, 1e-12)));
  const step = ([1, 2, 5, 10].find((m) => m * power >= rough * 0.78) ?? 10) * power;
  if (step < least) return least;
  return step;
}

function exact(value: number): number {
  return Number(value.toPrecision(12));
}

import type { Formatter } from '#contract/format.ts';
import type { RunInfo } from './page.ts';

/** A UTC timestamp in the shop's timezone and locale: '16 August 2026, 23:58'; an en dash for none. */
export function stamp(instant: string | null, { shop }: Pick<RunInfo, 'shop'>): string {
  if (instant === null) return '–';
  const iso = /[zZ]|[+-]\d{2}:?\d{2}$/.test(instant) ? instant : `${instant.replace(' ', 'T')}Z`;
  const date = new Date(iso.length <= 11 ? `${instant.slice(0, 10)}T00:00:00Z` : iso);
  const part = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(shop.locale, { timeZone: shop.timezone, ...options }).format(date);
  return `${part({ day: 'numeric', month: 'long', year: 'numeric' })}, ${part({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })}`;
}

/** 'shop · report · period · data as of · timezone · currency', for each page's foot. */
export function footerText(run: RunInfo, title: string, format: Formatter): string {
  return [
    clipped(run.shop.name, 32),
    title,
    format.span(run.period.first, run.period.last),
    `data as of ${stamp(run.dataAsOf, run)}`,
    run.shop.timezone,
    run.shop.currency,
  ].join(' · ');
}

/** Cuts a long text at a number of characters, with an ellipsis. */
function clipped(text: string, most: number): string {
  const letters = [...text];
  return letters.length > most ? `${letters.slice(0, most - 1).join('')}…` : text;
}

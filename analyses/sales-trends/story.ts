import type { Method } from '#contract/analysis.ts';
import { prose } from '#contract/prose.ts';
import { change } from '../shared/change.ts';
import { weeksAYear, weeksSpan } from '../shared/day.ts';
import { signalLevel } from '../shared/expected.ts';
import { comparedWith } from '../shared/metric.ts';
import { addedWords, comparedWords, counted, movement, percent, sentence, someOf, spelled, standingWords } from '../shared/words.ts';
import { definitions } from './kpis.ts';
import { oddWeeks } from './outliers.ts';
import type { Sales } from './sales.ts';
import { largestStep, moveWords } from './tables.ts';

/** Claim of the section. */
export function headline({ format, now, kpis }: Sales): string {
  const { metric } = kpis.net_revenue;
  if (!now || metric.value === null) return 'No complete week of sales to report yet';
  const moved = movement(format, metric.value, comparedWith(metric, 'prior week'), 'money');
  const standing = metric.expected?.standing ?? 'unknown';
  return standing === 'unknown' ? prose`Net revenue ${moved} in the week` : prose`Net revenue ${moved}, ${standingWords[standing]}`;
}

/** What happened, what it is made of, and so what: three sentences at most. */
export function summary(sales: Sales): string {
  const { format, now, week, kpis, bridges, weeks } = sales;
  if (!now) {
    return weeks.length === 0
      ? 'The data hold no complete week; sales trends begin with the first one.'
      : prose`The week of ${weeksSpan(format, week)} is not in the data.`;
  }
  const lastYear = comparedWith(kpis.net_revenue.metric, 'same week last year');
  const onLastYear = change(now.net_revenue, lastYear);
  const bridge = bridges.week;
  const largest = bridge && largestStep(bridge.steps);
  const parts = [
    onLastYear === null
      ? prose`${counted(format, now.orders, 'order')}${now.orders > 0 ? `, ${format.money(now.aov)} each on average` : ''}.`
      : prose`Net revenue is ${comparedWords(format, onLastYear)} the same ISO week last year, from ${counted(format, now.orders, 'order')}.`,
    largest && bridge
      ? prose`Against the prior week it ${moveWords(sales, bridge.after, bridge.before)}: ${largest.label.toLowerCase()} ${addedWords(format, largest.value)}, everything else ${addedWords(format, bridge.change - largest.value)}.`
      : '',
    outsideWords(sales),
  ];
  return parts.filter(Boolean).join(' ');
}

function outsideWords({ kpis, format }: Sales): string {
  const judged = definitions.filter(({ id }) => (kpis[id].metric.expected?.standing ?? 'unknown') !== 'unknown');
  if (judged.length === 0) return 'The history is too short to tell a signal from chance.';
  const outside = judged.filter(({ id }) => kpis[id].metric.expected!.standing !== 'inside');
  if (outside.length === 0)
    return prose`All ${format.word(judged.length)} measures are within their normal range: nothing in the week itself asks for action.`;
  return sentence(
    prose`${someOf(format, outside.length, judged.length)} measures ${outside.length === 1 ? 'stands' : 'stand'} outside ${outside.length === 1 ? 'its' : 'their'} expected range.`,
  );
}

/** Last weeks of the data, and how many of them must stand above their range to look like a burst at its very end. */
const burst = { weeks: 8, above: 2 };

/** A warning where the last weeks rise together; null otherwise. */
export function surge({ format, kpis }: Sales): string | null {
  const recent = kpis.net_revenue.expectation.points.slice(-burst.weeks);
  const above = recent.filter(({ standing }) => standing === 'above').length;
  if (above < burst.above || recent.some(({ standing }) => standing === 'below')) return null;
  return prose`${sentence(format.word(above))} of the last ${spelled(format, recent.length, 'week')} stand above their range. A surge at the very end of the data can come from how the data were loaded or made; confirm it in the shop’s own system before acting on it.`;
}

export function caveats(sales: Sales): string[] {
  const { format, weeks, bridges, now, ytd } = sales;
  if (!now) return [];
  const list = [
    prose`The same week last year is the ISO week ${format.word(weeksAYear)} weeks earlier, so that weekdays agree; holidays that move between weeks do not.`,
    'Refunds count on the day of the return: a week bears refunds of earlier sales, and returns of its own sales are still to come.',
    'Steps and contributions are exact arithmetic; they do not show what caused them.',
  ];
  const late = surge(sales);
  if (late) list.unshift(late);
  const lead = bridges.year ?? bridges.week;
  if (lead?.hasListPrices) {
    const price = lead.steps.find(({ id }) => id === 'price');
    list.push(
      price && Math.abs(price.value) < 0.005
        ? 'Every unit sold at list price in both spans, so that the price step is nil; only today’s list prices are known.'
        : 'Price against list uses today’s list prices, as earlier ones are not in the data.',
    );
  }
  if (weeks.length < 2 * weeksAYear) {
    list.push(
      prose`The data hold ${format.count(weeks.length)} complete weeks; a yearly season enters the expected range after ${format.count(2 * weeksAYear)}.`,
    );
  }
  if (ytd.values.every(({ before }) => before === null))
    list.push('Last year’s dates are not whole in the data: year to date has nothing to compare with.');
  return list;
}

export function method(sales: Sales): Method {
  const { format, kpis, signals, shifts, season, weekday, growth, newGrowth } = sales;
  const current = definitions.map(({ id }) => kpis[id].metric.expected?.standing ?? 'unknown').filter((standing) => standing !== 'unknown');
  const past = oddWeeks(kpis.net_revenue.expectation);
  const growths = [growth, newGrowth].filter((g) => g !== null);
  const outliers = sales.outliers.filter(({ standing }) => standing !== 'unknown');
  const patterns = [season, weekday].flatMap((s) => s?.list ?? []);
  const tested =
    current.length + past.judged.length + signals.tested + (shifts?.tested ?? 0) + outliers.length + growths.length + patterns.length;
  const called =
    current.filter((standing) => standing !== 'inside').length +
    past.called.length +
    signals.called.length +
    (shifts?.called.length ?? 0) +
    outliers.filter(({ isOutside }) => isOutside).length +
    growths.filter(({ p }) => p <= 0.05).length +
    patterns.filter(({ isCalled }) => isCalled).length;
  return {
    tested,
    called,
    text: [
      prose`Expected ranges: each weekly series is forecast one week ahead from earlier weeks alone (${kpis.net_revenue.expectation.method} for net revenue); a week is called outside its ${percent(format, signalLevel)} range. Tested: ${format.count(current.length)} measures of the week, ${format.count(past.judged.length)} earlier weeks of net revenue, adjusted by Benjamini and Hochberg.`,
      prose`Segments: net revenue of ${format.count(signals.tested)} categories, countries, sources and customer types with enough orders, each by its share of the shop against its own range; p-values adjusted by Benjamini and Hochberg.`,
      prose`Shares of orders on last year: ${format.count(shifts?.tested ?? 0)} segments by the two-sample score test; days: orders of ${format.count(outliers.length)} days against the days before, with the weekday pattern. Both adjusted by Benjamini and Hochberg.`,
      'The change: volume, mix and price by category at midpoint weights (Bennet), price split exactly into price against list and products chosen; orders, units per order and value per unit by the log-mean split; refunds as their own step. All add up to the change.',
      'Growth on last year: quarter totals over paired ISO weeks, interval by quasi-Poisson. Long-run slope: Theil–Sen on logarithms over two whole years.',
      'Seasonality: net revenue a day over a centred yearly mean, by calendar month; share of the week’s gross sales, by weekday; p-values adjusted within each. A month or day is called from a least effect upwards only.',
    ],
  };
}

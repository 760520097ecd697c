import type { Method } from '#contract/analysis.ts';
import { prose } from '#contract/prose.ts';
import { ratio } from '../shared/change.ts';
import { comparedWords, counted, percent, spelled } from '../shared/words.ts';
import { artefact } from './artefact.ts';
import type { Base } from './base.ts';
import { burst } from './burst.ts';
import { minBuyers, repeatFloor, windowDays } from './cohorts.ts';
import { falseDiscovery, groupFloor, minGroup, valueDays } from './groups.ts';

const alpha = 0.05;

/** Claim of the section. */
export function headline({ format, year, cohorts, customers, buyers }: Base): string {
  if (customers === 0) return 'There is no customer yet';
  if (buyers === 0) return prose`${format.count(customers)} have signed up; nobody has bought yet`;
  const test = year?.test.active;
  const rate = cohorts.recent?.cohort.rate;
  const again = rate ? prose`; ${format.share(rate.value)} of first-time buyers return within ${format.count(windowDays)} days` : '';
  if (!test)
    return prose`${format.count(buyers)} of ${counted(format, customers, 'customer')} ${buyers === 1 ? 'has' : 'have'} bought${again}`;
  return test.p < alpha
    ? prose`Over ${spelled(format, year!.months, 'month')} active customers are ${comparedWords(format, test.value)} the year before${again}`
    : prose`Active customers do not differ measurably from the year before${again}`;
}

/** Who is won, who is kept, and how much rests on a few. */
export function summary({ format, months, year, spend, customers, buyers, repeaters }: Base): string {
  if (customers === 0) return 'The data hold no sign-up up to the as-of date.';
  const last = months.at(-1);
  const fresh =
    year && year.now.active !== year.before.active ? ratio(year.now.new - year.before.new, year.now.active - year.before.active) : null;
  return [
    last
      ? prose`${format.count(last.active_customers)} customers bought in ${format.month(last.month)}, ${format.count(last.new_customers)} of them for the first time.`
      : prose`The data hold no complete month yet.`,
    fresh !== null && fresh >= 0 && fresh <= 1 && year!.test.active && year!.test.active.p < alpha
      ? prose`Over ${spelled(format, year!.months, 'month')} new customers account for ${format.share(fresh)} of the change on the year before.`
      : buyers > 0
        ? prose`Of all ${format.count(buyers)} buyers so far ${format.share(ratio(repeaters, buyers))} have ordered more than once.`
        : '',
    spend ? prose`The top tenth of a year’s buyers brings ${format.share(spend.tenth.share)} of net revenue.` : '',
  ]
    .filter(Boolean)
    .join(' ');
}

export function caveats(base: Base): string[] {
  const { format, signupWeeks, customers } = base;
  if (customers === 0) return [];
  const found = burst(signupWeeks);
  const doubt = artefact(base);
  return [
    found
      ? prose`${format.count(found.signups)} sign-ups in the last ${found.weeks.length === 1 ? 'week' : spelled(format, found.weeks.length, 'week')} are a burst at the end of the data. These customers are too young for any rate here, and the burst is not counted as a success.`
      : '',
    doubt ?? '',
    prose`Rates have a fixed window: ${format.count(windowDays)} days from the first order for a second one, ${format.count(valueDays)} days for early revenue, a year from sign-up for the first order. Whoever has not been seen for so long is left out, so that the newest customers are not in them.`,
    'Source is where a customer once came from, and age and gender are as stated at sign-up. Groups differ in more than their name: none of these comparisons shows what a group would do if it were treated otherwise.',
    'A customer is an account. Who orders as a guest, or under several accounts, counts as several customers and lowers every repeat rate.',
  ].filter(Boolean);
}

export function method(base: Base): Method {
  const { format, year, monthly, signupWeeks, cohorts, groups } = base;
  const growths = year ? Object.values(year.test).filter((test) => test !== null) : [];
  const series = [monthly.points.at(-1), signupWeeks.expectation.points.at(-1)].filter((point) => point && point.standing !== 'unknown');
  return {
    text: [
      prose`Growth of active, new and returning customers: the last complete months over the same months a year before, paired; interval by quasi-Poisson. Sign-ups of the week and active customers of the month are judged by forecasts from earlier periods alone.`,
      prose`Second orders: first-time buyers by month of the first order, only months in which each has been seen for ${format.count(windowDays)} days; Wilson’s interval. The last twelve such months are compared with the twelve before (Newcombe’s interval) and called from ${format.points(repeatFloor)} on; the trend over months of at least ${format.count(minBuyers)} buyers is Kendall’s test.`,
      prose`Groups: each source, age and gender against all others in second orders (two proportions) and in net revenue of the first ${format.count(valueDays)} days (unequal variances), of first orders of two years. P-values are adjusted by Benjamini and Hochberg within each dimension and measure; a group is called below ${percent(format, falseDiscovery)} and from ${percent(format, groupFloor)} of the others’ value on. Groups of fewer than ${format.count(minGroup)} are pooled or left out.`,
      prose`Concentration: net revenue of the orders of the last ${format.count(52)} complete weeks by buyer, less what was given back for them, rounded to three or four significant digits; intervals by bootstrap over buyers.`,
    ],
    tested: growths.length + series.length + cohorts.tested + groups.tested,
    called:
      growths.filter(({ p }) => p < alpha).length +
      series.filter((point) => point!.standing !== 'inside').length +
      cohorts.called +
      groups.called,
  };
}

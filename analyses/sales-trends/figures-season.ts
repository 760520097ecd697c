import { barChart } from '#chart/bar.ts';
import { dotInterval } from '#chart/interval.ts';
import { shortMonth } from '#chart/scale.ts';
import { prose } from '#contract/prose.ts';
import type { Row } from '#contract/row.ts';
import { change } from '../shared/change.ts';
import { someOf, spelled } from '../shared/words.ts';
import { type Drawn, drawn } from './figures-trend.ts';
import type { Sales } from './sales.ts';
import { minMonths, minWeeks, type SeasonIndex } from './season.ts';

export const weekdayNames = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

/** 'Mar' of month number 3, in the shop's language. */
export function monthName(key: number, { format }: Pick<Sales, 'format'>): string {
  return shortMonth(`2001-${String(key).padStart(2, '0')}-01`, format);
}

export function seasonFigures(sales: Sales): Drawn[] {
  return [month(sales), day(sales)];
}

/** Highest of the called ones first, by distance from the average. */
export function strongest(list: readonly SeasonIndex[]): SeasonIndex | undefined {
  return list.filter(({ isCalled }) => isCalled).toSorted((a, b) => Math.abs(b.index - 1) - Math.abs(a.index - 1) || a.key - b.key)[0];
}

function row(name: string, { index, low, high, isCalled, p, n }: SeasonIndex): Row {
  return { name, index, low, high, is_called: isCalled, adjusted_p: p, n };
}

function title(rows: Row[], unit: string, sales: Sales): string {
  const most = rows.filter((r) => r.is_called).toSorted((a, b) => Math.abs(Number(b.index) - 1) - Math.abs(Number(a.index) - 1))[0];
  if (!most) return prose`No ${unit} differs measurably from the average`;
  const away = Math.abs(change(Number(most.index), 1)!);
  return prose`${String(most.full ?? most.name)} runs ${sales.format.share(away)} ${Number(most.index) > 1 ? 'above' : 'below'} the average ${unit}`;
}

function month(sales: Sales): Drawn {
  const id = 'season-month';
  const { season, months, format } = sales;
  if (!season) {
    return {
      id,
      omitted: prose`Seasonality by month needs ${format.count(minMonths)} complete months with sales, so that most months are seen in two years; the data hold ${format.count(months.length)}.`,
    };
  }
  const called = season.list.filter(({ isCalled }) => isCalled).length;
  return drawn(
    dotInterval({
      id,
      width: 'half',
      title: (rows) => title(rows, 'month', sales),
      subtitle: prose`Net revenue a day against the trend of its own year (average month is one); each month seen in at least ${spelled(format, season.n, 'year')}`,
      of: 'net revenue a day by calendar month',
      reason: prose`${someOf(format, called, season.list.length)} months differ from the average`,
      format,
      unit: 'ratio',
      rows: season.list.map((item) => row(monthName(item.key, sales), item)),
      label: 'name',
      value: 'index',
      low: 'low',
      high: 'high',
      reference: 1,
      referenceLabel: 'Average month',
      emphasis: 'is_called',
      given: true,
      note: 'Bars are intervals of 95% from the spread between years. Months in colour differ from the average after adjustment for the number of months.',
    }),
  );
}

function day(sales: Sales): Drawn {
  const id = 'season-weekday';
  const { weekday, weeks, format } = sales;
  if (!weekday) {
    return {
      id,
      omitted: prose`The pattern by weekday needs ${format.word(minWeeks)} complete weeks with sales; the data hold ${format.count(weeks.length)}.`,
    };
  }
  const called = weekday.list.filter(({ isCalled }) => isCalled).length;
  return drawn(
    barChart({
      id,
      width: 'half',
      title: (rows) => title(rows, 'day', sales),
      subtitle: prose`Gross sales by weekday (average day is one), last ${spelled(format, weekday.n, 'complete week')}`,
      of: 'gross sales by weekday',
      reason: prose`${someOf(format, called, weekday.list.length)} days differ from the average`,
      format,
      unit: 'ratio',
      rows: weekday.list.map((item) => ({ ...row(weekdayNames[item.key - 1]!.slice(0, 3), item), full: weekdayNames[item.key - 1]! })),
      x: 'name',
      y: 'index',
      low: 'low',
      high: 'high',
      color: 'is_called',
      note: 'Whiskers are intervals of 95% over weeks. Days in colour differ from the average after adjustment for the number of days.',
    }),
  );
}

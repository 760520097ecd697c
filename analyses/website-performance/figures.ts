import { funnel } from '#chart/funnel.ts';
import { heatmap } from '#chart/heatmap.ts';
import { dotInterval } from '#chart/interval.ts';
import { lineChart } from '#chart/line.ts';
import type { Figure } from '#contract/figure.ts';
import { prose } from '#contract/prose.ts';
import type { Cell } from '#contract/row.ts';
import { chiSquareUpper } from '#stats/distribution.ts';
import { ratio, total } from '../shared/change.ts';
import { weekEnd, weeksSpan } from '../shared/day.ts';
import { percent, sentence, spelled, standingWords } from '../shared/words.ts';
import type { Group, Traffic } from './traffic.ts';

const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const drawnWeeks = 78;
const drawnDays = 91;
const alpha = 0.05;

export function websiteFigures(traffic: Traffic): { figures: Figure[]; omitted: Record<string, string> } {
  const { format, weeks, all, spanWeeks } = traffic;
  const omitted: Record<string, string> = {};
  const figures: Figure[] = [];
  const draw = (id: string, reason: string | null, make: () => Figure) => {
    if (reason === null) figures.push(make());
    else omitted[id] = reason;
  };
  const short = weeks.length < 2 ? prose`fewer than two complete weeks` : null;
  const none = all.sessions === 0 ? prose`no session in the last ${format.count(spanWeeks)} weeks` : null;
  draw('sessions', short, () => weekly(traffic, 'sessions'));
  draw('conversion', short, () => weekly(traffic, 'conversion'));
  draw('days', traffic.days.length < 14 ? prose`fewer than two weeks of days` : null, () => daily(traffic));
  draw('funnel', none, () => funnelFigure(traffic));
  draw('sources', none ?? few(traffic.sources), () => groupFigure(traffic, traffic.sources, 'sources', 'source'));
  draw('browsers', none ?? few(traffic.browsers), () => groupFigure(traffic, traffic.browsers, 'browsers', 'browser'));
  draw('hours', none, () => hours(traffic, 'sessions'));
  draw('hour-conversion', none, () => hours(traffic, 'conversion'));
  return { figures, omitted };
}

function few(groups: Group[]): string | null {
  return groups.length < 2 ? prose`fewer than two groups with enough sessions` : null;
}

function weekly({ metrics, format, week, isMature }: Traffic, id: 'sessions' | 'conversion'): Figure {
  const { metric, expectation } = metrics[id];
  const points = expectation.points.slice(-drawnWeeks);
  const rows = points.map(({ date, value, low, high, standing }) => ({
    week: date,
    value,
    low,
    high,
    signal: standing === 'above' || standing === 'below',
  }));
  const first = points[0]?.date ?? week;
  const standing = metric.expected?.standing ?? 'unknown';
  const isFilling = id === 'conversion' && !isMature;
  const said = isFilling ? 'still incomplete and not judged' : standingWords[standing].replace('its', id === 'sessions' ? 'their' : 'its');
  return lineChart({
    ...{ id, format, rows, x: 'week', y: 'value', unit: metric.unit, marks: 'signal', polarity: metric.polarity, zero: false },
    ...(rows.some(({ low }) => low !== null) ? { band: { low: 'low', high: 'high' }, expectedLabel: prose`Expected range` } : {}),
    title: (drawn) => prose`${metric.label}: ${format.unit(Number(drawn.at(-1)?.value ?? 0), metric.unit)} in the week, ${said}`,
    subtitle: prose`${metric.label} by week, ${format.span(first, weekEnd(week))}. Open circles mark weeks outside the ${expectation.basis}.`,
    of: `weekly ${metric.label.toLowerCase()}`,
    reason: prose`the last week is ${said}`,
    height: id === 'sessions' ? 165 : 140,
  });
}

function daily({ dayExpectation, oddDays, format }: Traffic): Figure {
  const odd = new Set(oddDays.map(({ date }) => date));
  const reach = Math.max(
    drawnDays,
    ...oddDays
      .slice(0, 1)
      .map(({ date }) => 7 + dayExpectation.points.length - dayExpectation.points.findIndex((point) => point.date === date)),
  );
  const points = dayExpectation.points.slice(-Math.min(reach, 182));
  const rows = points.map(({ date, value, low, high }) => ({ date, value, low, high, odd: odd.has(date) }));
  const count = rows.filter((row) => row.odd).length;
  return lineChart({
    ...{ id: 'days', format, rows, x: 'date', y: 'value', unit: 'count', marks: 'odd', polarity: 'up', zero: true, height: 150 },
    ...(rows.some(({ low }) => low !== null) ? { band: { low: 'low', high: 'high' } } : {}),
    title: (drawn) => {
      const lowest = drawn.filter((row) => row.odd).toSorted((a, b) => Number(a.value) - Number(b.value))[0];
      return lowest
        ? prose`${sentence(spelled(format, count, 'day'))} ${count === 1 ? 'stands' : 'stand'} out; the lowest, ${format.date(String(lowest.date))}, had ${format.count(Number(lowest.value))} sessions`
        : prose`No day stands out: sessions follow the weekday`;
    },
    subtitle: prose`Sessions by day, ${format.span(rows[0]?.date ?? '', rows.at(-1)?.date ?? '')}. The band is the ${dayExpectation.basis}; circles stand out after adjustment for the number of days.`,
    of: 'daily sessions',
    reason: count > 0 ? prose`${format.count(count)} days stand out` : prose`no day stands out`,
  });
}

function funnelFigure({ steps, all, format, spanEnd, spanWeeks }: Traffic): Figure {
  const worst = steps.filter(({ share }) => share !== null).toSorted((a, b) => (a.share ?? 1) - (b.share ?? 1))[0];
  return funnel({
    ...{ id: 'funnel', format, unit: 'count', step: 'step', value: 'sessions', share: 'share', emphasis: 'worst' },
    rows: steps.map(({ step, sessions, share }) => ({ step, sessions, share, worst: step === worst?.step })),
    title: (drawn) =>
      prose`Of ${format.count(Number(drawn[0]?.sessions ?? 0))} sessions, ${format.share(ratio(Number(drawn.at(-1)?.sessions), Number(drawn[0]?.sessions)) ?? 0)} bought`,
    subtitle: prose`Sessions that reached each step, ${weeksSpan(format, spanEnd, spanWeeks)}; beside each the share of the step before`,
    of: 'sessions by step of the funnel',
    reason: prose`${format.count(all.purchases)} of ${format.count(all.sessions)} sessions bought`,
  });
}

function groupFigure({ format, spanEnd, spanWeeks, all }: Traffic, groups: Group[], id: string, what: string): Figure {
  const overall = ratio(all.purchases, all.sessions) ?? 0;
  return dotInterval({
    ...{
      id,
      format,
      unit: 'share',
      label: 'name',
      value: 'conversion',
      low: 'low',
      high: 'high',
      width: 'half',
      reference: overall,
      emphasis: 'called',
      polarity: 'up',
    },
    referenceLabel: prose`all ${format.share(overall)}`,
    rows: groups.map(({ value, conversion, low, high, sessions, isCalled }) => ({
      name: value,
      conversion,
      low,
      high,
      sessions,
      called: isCalled,
    })),
    title: (drawn) => {
      const called = drawn.filter((row) => row.called);
      const [most, least] = [called[0], called.at(-1)];
      if (most && Number(most.conversion) > overall)
        return prose`${String(most.name)} converts best, at ${format.share(Number(most.conversion))}`;
      return least
        ? prose`${String(least.name)} converts least, at ${format.share(Number(least.conversion))}`
        : prose`Conversion does not differ measurably by ${what}`;
    },
    subtitle: prose`Share of sessions that bought, ${weeksSpan(format, spanEnd, spanWeeks)}, with ${percent(format, 0.95)} intervals`,
    of: `conversion by ${what}`,
    reason: prose`${format.count(groups.filter(({ isCalled }) => isCalled).length)} of ${format.count(groups.length)} differ from the others`,
  });
}

function hours({ hours: cells, format, spanEnd, spanWeeks }: Traffic, id: 'sessions' | 'conversion'): Figure {
  const isConversion = id === 'conversion';
  const byHour = Array.from({ length: 24 }, (_, hour) => cells.filter((cell) => cell.hour === hour));
  const bands = Array.from({ length: 8 }, (_, band) => byHour.slice(band * 3, band * 3 + 3).flat());
  const rows = bands.flatMap((band, i) =>
    weekdays.map((_, d) => {
      const mine = band.filter(({ weekday }) => weekday === d + 1);
      const sessions = total(mine, (cell) => cell.sessions);
      const purchases = total(mine, (cell) => cell.purchases);
      return { hours: i * 3, weekday: d + 1, sessions, purchases, conversion: sessions >= 30 ? purchases / sessions : null };
    }),
  );
  const value = isConversion ? 'conversion' : 'sessions';
  const busiest = rows.toSorted((a, b) => b.sessions - a.sessions)[0];
  const from = (hour: Cell) => `${String(hour).padStart(2, '0')}–${String(Number(hour) + 3).padStart(2, '0')} h`;
  const best = rows.filter(({ conversion }) => conversion !== null).toSorted((a, b) => (b.conversion ?? 0) - (a.conversion ?? 0))[0];
  const known = rows.filter(({ conversion }) => conversion !== null);
  const rate = ratio(
    total(known, (row) => row.purchases),
    total(known, (row) => row.sessions),
  );
  const spread =
    rate === null ? 0 : total(known, ({ sessions, purchases }) => (purchases - sessions * rate) ** 2 / (sessions * rate * (1 - rate) || 1));
  const isApart = known.length > 1 && chiSquareUpper(spread, known.length - 1) < alpha;
  return heatmap({
    ...{
      id: isConversion ? 'hour-conversion' : 'hours',
      format,
      rows,
      x: 'weekday',
      y: 'hours',
      value,
      unit: isConversion ? 'share' : 'count',
      width: 'half',
    },
    showX: (key) => weekdays[Number(key) - 1] ?? '',
    showY: from,
    title: () =>
      isConversion
        ? best && !isApart
          ? 'Conversion does not differ measurably by hour'
          : best
            ? prose`Conversion is highest on ${weekdays[best.weekday - 1] as string}, ${from(best.hours)}`
            : prose`Too few sessions to tell hours apart`
        : prose`Most sessions start on ${weekdays[(busiest?.weekday ?? 1) - 1] as string}, ${from(busiest?.hours ?? 0)}`,
    subtitle: isConversion
      ? prose`Share of sessions that bought, by hour and weekday, ${weeksSpan(format, spanEnd, spanWeeks)}`
      : prose`Sessions by hour and weekday, ${weeksSpan(format, spanEnd, spanWeeks)}`,
    of: isConversion ? 'conversion by hour and weekday' : 'sessions by hour and weekday',
    reason: prose`the cells are three hours wide`,
    note: isConversion
      ? prose`Cells with fewer than ${format.count(30)} sessions are empty. ${isApart ? 'The cells differ beyond chance together' : 'The cells scatter as chance alone would have it'} (chi-square test).`
      : undefined,
  });
}

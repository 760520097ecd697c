import { describe, expect, test } from 'vitest';
import { extremes, flagCount, latest, topShare, total } from '#chart/claim.ts';
import { countryOnMap } from '#chart/country.ts';
import { erd } from '#chart/erd.ts';
import { classOf, cuts } from '#chart/heatmap.ts';
import type { Label } from '#chart/layer.ts';
import { lineChart } from '#chart/line.ts';
import { classBreaks, worldMap } from '#chart/map.ts';
import { alongLine, dodge, every, extent, overlaps, Placing, thin } from '#chart/place.ts';
import { rankedBars } from '#chart/ranked.ts';
import { renderSvg } from '#chart/svg.ts';
import { waterfall } from '#chart/waterfall.ts';
import { common, format, parseSvg, weeks } from './every.ts';

const names = 'ABCDEFGH'.split('').map((a, i) => ({ a, v: [3, 9, 1, 8, 2, 7, 4, 6][i]! }));

test('the title is made from the plotted rows, the alternative text from its parts', () => {
  const figure = rankedBars({
    ...common(names),
    title: (rows) => `${rows[0]?.a} leads ${rows.length}`,
    of: 'net revenue',
    reason: 'B leads',
    label: 'a',
    value: 'v',
    top: 3,
  });
  expect(figure.title).toBe('B leads 4');
  expect(figure.alt).toBe('Bar chart of net revenue where B leads');
});

describe('ranked bars', () => {
  test('top n and the other, which reconcile', () => {
    const { rows } = rankedBars({ ...common(names), label: 'a', value: 'v', top: 3 });
    expect(rows).toEqual([
      { a: 'B', v: 9 },
      { a: 'D', v: 8 },
      { a: 'F', v: 7 },
      { a: 'Other (5)', v: 16 },
    ]);
  });
  test('shares cannot be added: the rest is named in the note', () => {
    const figure = rankedBars({ ...common(names, 'share'), label: 'a', value: 'v', top: 6 });
    expect(figure.rows).toHaveLength(6);
    expect(figure.note).toBe('2 more are not drawn.');
  });
  test('of differences the largest either way are kept', () => {
    const rows = [5, -9, 1, -1, 3].map((v, i) => ({ a: String(i), v }));
    expect(rankedBars({ ...common(rows), label: 'a', value: 'v', top: 2, signed: true }).rows.map((row) => row.v)).toEqual([5, -9, 3]);
  });
  test('the bars start at zero', () => {
    const figure = rankedBars({
      ...common([
        { a: 'x', v: 100 },
        { a: 'y', v: 90 },
      ]),
      label: 'a',
      value: 'v',
    });
    expect(JSON.stringify(figure.spec)).toContain('"domain":[0,100]');
  });
});

describe('lines', () => {
  test('at most five series, the largest at the end', () => {
    const rows = weeks(3).flatMap((week) => [1, 2, 3, 4, 5, 6, 7].map((k) => ({ week, k: `s${k}`, v: k })));
    const figure = lineChart({ ...common(rows), x: 'week', y: 'v', series: 'k' });
    expect(new Set(figure.rows.map((row) => row.k))).toEqual(new Set(['s7', 's6', 's5', 's4', 's3']));
    expect(figure.note).toBe('The five largest are drawn, two more left out.');
  });
  test('the last value, the event and the expected range are written beside the line', async () => {
    const rows = weeks(20).map((week, i) => ({ week, v: 1000 + 40 * (i % 3), low: 900, high: 1100 }));
    const figure = lineChart({
      ...common(rows),
      x: 'week',
      y: 'v',
      band: { low: 'low', high: 'high' },
      expectedLabel: 'Expected',
      annotations: [{ date: rows[9]!.week, label: 'Outage' }],
    });
    const { texts } = parseSvg(await renderSvg(figure, 'wide', 'f'));
    expect(texts).toEqual(expect.arrayContaining(['Outage', 'Expected', '€1,040']));
  });
  test('a column name is code', () => {
    expect(() => lineChart({ ...common([{ 'a b': '2026-01-05', v: 1 }]), x: 'a b', y: 'v' })).toThrow('column name');
  });
});

test('a bridge that does not add up is refused', () => {
  const rows = [
    { l: 'Before', v: 10, k: 'start' },
    { l: 'Price', v: 3, k: 'step' },
    { l: 'Now', v: 14, k: 'end' },
  ];
  expect(() => waterfall({ ...common(rows), label: 'l', value: 'v', kind: 'k' })).toThrow('lead to 13, the end is 14');
});

describe('classes', () => {
  test('of a heat map', () => {
    expect(cuts(0, 7)).toEqual([1, 2, 3, 4, 5, 6]);
    expect([0, 0.9, 1, 6.5, 7].map((v) => classOf(v, 0, 7))).toEqual([0, 0, 1, 6, 6]);
    expect(cuts(5, 5)).toEqual(cuts(5, 5).toSorted((a, b) => a - b));
  });
  test.each([
    [
      [1, 2, 3, 4, 5],
      [2, 3, 4],
    ],
    [
      [100, 1800, 25_000, 3_700_000],
      [20_000, 100_000, 500_000, 2_000_000],
    ],
    [[4, 4], []],
  ])('of a map: %j', (values, expected) => {
    expect(classBreaks(values)).toEqual(expected);
  });
});

describe('countries', () => {
  test.each([
    ['United States', 'United States of America'],
    ['Brasil', 'Brazil'],
    ['España', 'Spain'],
    ['Deutschland', 'Germany'],
    ['South Korea', 'South Korea'],
    ['EIRE', 'Ireland'],
    ['BR', 'Brazil'],
    ['Czech Republic', 'Czechia'],
    ['Côte d’Ivoire', "Côte d'Ivoire"],
    ['Atlantis', null],
    ['', null],
    ['constructor', null],
  ])('%s', (name, expected) => {
    expect(countryOnMap(name)).toBe(expected);
  });
  test('what the map lacks is listed', () => {
    const figure = worldMap({
      ...common([
        { c: 'France', v: 1 },
        { c: 'Atlantis', v: 2 },
      ]),
      country: 'c',
      value: 'v',
      note: 'Net of refunds.',
    });
    expect(figure.note).toBe('Net of refunds. Not on the map: Atlantis.');
  });
});

test('a diagram survives rings and links to tables that are not there', async () => {
  const column = { name: 'id', type: 'x', key: true };
  const tables = ['a', 'b', 'c'].map((name) => ({ name, rows: null, columns: [column] }));
  const links = [
    { from: 'a', to: 'b', fromColumn: 'id' },
    { from: 'b', to: 'a' },
    { from: 'c', to: 'nowhere' },
    { from: 'c', to: 'c' },
  ];
  const { rows: _, unit: __, ...rest } = common([]);
  parseSvg(await renderSvg(erd({ ...rest, tables, links }), 'wide', 'f'));
});

describe('placing', () => {
  const at = (x: number, t = 'Label'): Label => ({ x, y: 50, t });
  test('the first free place is taken, then none', () => {
    const placing = new Placing({ x: 0, y: 0, x2: 70, y2: 100 });
    expect(placing.place([at(-5), at(0)])?.x).toBe(0);
    expect(placing.place([at(10), at(36)])?.x).toBe(36);
    expect(placing.place([at(10), at(20)])).toBeNull();
    expect(placing.must([at(10), at(20)])).not.toBeNull();
  });
  test('labels in a column keep their distance and their order', () => {
    expect(dodge([50, 51, 10], 12, 0, 100)).toEqual([50, 62, 10]);
    expect(dodge([98, 99], 12, 0, 100)).toEqual([88, 100]);
  });
  test('an axis drops what touches', () => {
    const labels = Array.from({ length: 12 }, (_, i): Label => ({ x: i * 20, y: 0, t: 'Oct 2025', a: 'center' }));
    for (const kept of [thin(labels, -30, 300), every(labels)]) {
      expect(kept.length).toBeGreaterThan(1);
      kept.slice(1).forEach((label, i) => {
        expect(overlaps(extent(kept[i]!), extent(label))).toBe(false);
      });
    }
    expect(every(labels).map((label) => label.x / 20)).toEqual([0, 3, 6, 9]);
  });
  test('a line is covered from end to end', () => {
    const areas = alongLine([
      { x: 0, y: 0 },
      { x: 60, y: 30 },
    ]);
    expect([areas[0]!.x, areas.at(-1)!.x2]).toEqual([-2, 62]);
  });
});

describe('claims', () => {
  const rows = [{ v: 3 }, { v: null }, { v: 9 }, { v: -1 }];
  test('helpers', () => {
    expect(extremes(rows, 'v')).toEqual({ most: { v: 9 }, least: { v: -1 } });
    expect(extremes([], 'v')).toBeNull();
    expect(total(rows, 'v')).toBe(11);
    expect(topShare([{ v: 6 }, { v: 3 }, { v: 1 }], 'v', 1)).toBe(0.6);
    expect(topShare([{ v: 0 }], 'v', 1)).toBeNull();
    expect(latest(rows, 'v')).toEqual({ last: { v: -1 }, before: { v: 9 } });
    expect(flagCount(rows, 'v')).toBe(3);
    expect(format.money(1)).toBe('€1.00');
  });
});

describe('a bridge', () => {
  const bars = async (kinds: string[], values: (number | null)[]) => {
    const rows = values.map((v, i) => ({ l: `Step ${i}`, v, k: kinds[i]! }));
    const { tags } = parseSvg(
      await renderSvg(waterfall({ ...common(rows), label: 'l', value: 'v', kind: 'k', width: 'half' }), 'wide', 'f'),
    );
    const drawn = tags.flatMap(({ name, attributes }) =>
      name === 'path' ? [/^M([-\d.]+),[-\d.]+h([-\d.]+)/.exec(attributes.d ?? '')] : [],
    );
    return drawn.flatMap((m) => (m ? [{ from: Number(m[1]), to: Number(m[1]) + Number(m[2]) }] : []));
  };
  test('each bar begins where the one before ended', async () => {
    const [start, up, down, end] = await bars(['start', 'step', 'step', 'end'], [100, 50, -80, 70]);
    expect(start!.from).toBe(0);
    expect(up!.from).toBeCloseTo(start!.to, 1);
    expect(down!.to).toBeCloseTo(up!.to, 1);
    expect(down!.from).toBeCloseTo(end!.to, 1);
    expect(start!.to / end!.to).toBeCloseTo(100 / 70, 1);
  });
  test('a step without a value changes nothing; without a start it begins at zero', async () => {
    const [first, , last] = await bars(['step', 'step', 'step'], [10, null, 30]);
    expect(first!.from).toBe(0);
    expect(last!.from).toBeCloseTo(first!.to, 1);
  });
  test('a second start is refused', () => {
    const rows = ['start', 'start'].map((k) => ({ l: k, v: 1, k }));
    expect(() => waterfall({ ...common(rows), label: 'l', value: 'v', kind: 'k' })).toThrow('only the first');
  });
});

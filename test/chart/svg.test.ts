import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { lineChart } from '#chart/line.ts';
import { rankedBars } from '#chart/ranked.ts';
import { renderSvg, vegaSpec } from '#chart/svg.ts';
import { LookbookError } from '#contract/error.ts';
import { common, everyFigure, parseSvg, weeks } from './every.ts';

const hostile = [
  '<script>alert(1)</script>',
  '{{constructor}}',
  '"onload="x',
  "']]><!--&amp;",
  'Long '.repeat(200),
  'שלום עולם ‮abc',
  '👩‍👩‍👧 emoji 日本語',
  '',
  ' \u0000\u001b\ud800',
  'datum.v; __proto__',
];
const cases: Record<string, [string[], (number | null)[]]> = {
  'hostile names': [hostile, [5, 4, 3, 2, 1, 9, 8, 7, 6, 10]],
  'one row': [['Only'], [12]],
  'one row of nothing': [['Only'], [null]],
  'equal values': [
    ['A', 'B', 'C'],
    [7, 7, 7],
  ],
  zeros: [
    ['A', 'B', 'C'],
    [0, 0, 0],
  ],
  negatives: [
    ['A', 'B', 'C', 'D'],
    [-5, -1, -300, 4],
  ],
  gaps: [
    ['A', 'B', 'C', 'D'],
    [null, 3, null, 8],
  ],
  'no rows': [['A'], []],
  'tiny and huge': [
    ['A', 'B', 'C'],
    [1e-9, 1e12, 3],
  ],
};

describe('every chart', () => {
  for (const [what, [names, values]] of Object.entries(cases)) {
    test(`${what}: well-formed, escaped, on the page`, async () => {
      for (const [kind, figure] of Object.entries(everyFigure(names, values))) {
        for (const variant of what === 'hostile names' || what === 'one row' ? (['wide', 'narrow'] as const) : (['wide'] as const)) {
          const svg = await renderSvg(figure, variant, 'f1');
          const { tags } = parseSvg(svg);
          expect(['svg', 'title', 'desc', 'g', 'path', 'rect', 'line', 'text'], kind).toEqual(
            expect.arrayContaining([...new Set(tags.map((tag) => tag.name))]),
          );
          expect(tags[0]!.attributes, kind).toMatchObject({ role: 'img', 'aria-labelledby': 'f1-t f1-d' });
          expect(tags[0]!.attributes.width, kind).toBe(figure.width === 'half' ? '306' : variant === 'wide' ? '642' : '340');
          expect(svg, kind).not.toMatch(/NaN|Infinity|undefined|="null"/);
          for (const { attributes } of tags) {
            for (const key of ['fill', 'stroke'])
              expect(attributes[key] ?? 'none', kind).toMatch(/^(none|var\(--c-[a-z0-9-]+,#[0-9A-F]{6}\))$/);
          }
        }
      }
    });
  }

  test('no name from the data stands in an expression or a field name', () => {
    const inCode = (node: unknown, key = ''): string[] => {
      if (typeof node === 'string')
        return ['expr', 'test', 'filter', 'calculate', 'signal', 'field', 'groupby', 'as'].includes(key) ? [node] : [];
      if (Array.isArray(node)) return node.flatMap((item) => inCode(item, key));
      return node && typeof node === 'object' ? Object.entries(node).flatMap(([k, v]) => (k === 'values' ? [] : inCode(v, k))) : [];
    };
    const marked = ['alarm0', 'alarm1', 'alarm2'];
    for (const [kind, figure] of Object.entries(everyFigure(marked, [3, 2, 1]))) {
      expect(inCode(figure.spec).join(' '), kind).not.toContain('alarm');
      expect(inCode(figure.narrow).join(' '), kind).not.toContain('alarm');
    }
  });

  test('twice the same bytes, whatever is drawn between and at once', async () => {
    const draw = () =>
      Promise.all(
        Object.values(everyFigure(['Jeans', 'Swim', 'France'], [3, 1, 2])).map((figure, i) => renderSvg(figure, 'wide', `f${i}`)),
      );
    expect(await draw()).toEqual(await draw());
  });
});

test('the same bytes in another timezone and locale', async () => {
  const figure = lineChart({ ...common(weeks(30).map((week, i) => ({ week, v: 1000 + i * i }))), x: 'week', y: 'v' });
  const here = await renderSvg(figure, 'wide', 'f1');
  const program = `
    import { renderSvg } from '#chart/svg.ts';
    import { readFileSync } from 'node:fs';
    process.stdout.write(await renderSvg(JSON.parse(readFileSync(0, 'utf8')), 'wide', 'f1'));`;
  const there = execFileSync(process.execPath, ['--input-type=module', '-e', program], {
    input: JSON.stringify(figure),
    env: { ...process.env, TZ: 'Pacific/Auckland', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' },
    encoding: 'utf8',
  });
  expect(there).toBe(here);
});

test('an id starts with the prefix, whose odd letters are replaced', async () => {
  const svg = await renderSvg(rankedBars({ ...common([{ a: 'x', v: 1 }]), label: 'a', value: 'v' }), 'wide', 'a"b c');
  expect(svg).toContain('<title id="a-b-c-t">Claim</title>');
});

test('the live specification holds the rows, and the figure stays as it was', async () => {
  const figure = rankedBars({ ...common([{ a: 'x', v: 1 }]), label: 'a', value: 'v' });
  const before = JSON.stringify(figure);
  const spec = (await vegaSpec(figure, 'wide')) as unknown as { data: { name: string; values?: unknown }[] };
  expect(spec.data.find((data) => data.name === 'rows')?.values).toEqual([{ a: 'x', v: 1 }]);
  await renderSvg(figure, 'wide', 'f');
  expect(JSON.stringify(figure)).toBe(before);
});

test('a specification that Vega refuses names the figure', async () => {
  const figure = rankedBars({ ...common([{ a: 'x', v: 1 }]), label: 'a', value: 'v' });
  const broken = { ...figure, id: 'broken', spec: { ...figure.spec, layer: [{ mark: 'nothing' }] } };
  await expect(renderSvg(broken, 'wide', 'f')).rejects.toThrow(LookbookError);
  await expect(renderSvg(broken, 'wide', 'f')).rejects.toThrow('figure broken');
  await expect(renderSvg(figure, 'wide', 'f')).resolves.toContain('<svg');
});

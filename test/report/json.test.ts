import { expect, it } from 'vitest';
import { renderHtml } from '#report/html.ts';
import { runJson, sorted } from '#report/json.ts';
import { fixture } from './fixture.ts';

it('sorts keys at each depth, and leaves lists as they are', () => {
  expect(JSON.stringify(sorted({ b: [{ d: 1, c: 2 }, 'x'], a: null, u: undefined }))).toBe('{"a":null,"b":[{"c":2,"d":1},"x"]}');
});

it('names reports, files and each analysis once, the same in each run', async () => {
  const published = await Promise.all(
    (['overview', 'in-depth'] as const).map(async (depth) => {
      const model = fixture(depth);
      return { model, rendered: await renderHtml(model), formats: ['html', 'pdf'] as ('html' | 'pdf')[] };
    }),
  );
  const text = runJson(published[0]!.model.run, published);
  const json = JSON.parse(text);
  expect(json.reports.map((r: { id: string }) => r.id)).toEqual(['weekly-overview', 'sales-in-depth']);
  expect(json.reports[0].files).toEqual({ html: 'weekly-overview.html', pdf: 'weekly-overview.pdf' });
  expect(json.reports[0].data).toContain('data/weekly-overview-regions.csv');
  expect(Object.keys(json.analyses)).toEqual(['regional-performance', 'sales-trends', 'website-performance']);
  expect(json.analyses['website-performance'].unavailable).toEqual(['events']);
  expect(json.analyses['sales-trends'].figures[0]).not.toHaveProperty('spec');
  expect(runJson(published[0]!.model.run, published)).toBe(text);
});

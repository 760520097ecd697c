import { expect, test } from 'vitest';
import { renderSvg } from '#chart/svg.ts';
import { everyFigure } from './every.ts';

// Goldens are written with `vitest run -u` and looked at; each must be a plausible chart.
const figures = everyFigure(['Jeans', 'Outerwear & Coats', 'Swim'], [42_000, 38_500, 51_250]);

test.each(['line', 'ranked', 'interval', 'heatmap', 'erd'])('%s: specification and drawing', async (kind) => {
  const figure = figures[kind]!;
  await expect(`${JSON.stringify(figure.spec, null, 1)}\n`).toMatchFileSnapshot(`golden/${kind}.json`);
  await expect((await renderSvg(figure, 'wide', 'f1')).replaceAll('><', '>\n<')).toMatchFileSnapshot(`golden/${kind}.svg`);
});

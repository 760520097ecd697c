import { describe, expect, it } from 'vitest';
import { formatter } from '#contract/format.ts';
import type { Polarity, Unit } from '#contract/metric.ts';
import { delta } from '#report/delta.ts';
import { tileViews } from '#report/kpi.ts';
import { fixture } from './fixture.ts';

const format = formatter({ currency: 'EUR', locale: 'en-GB' });
const of = (value: number | null, base: number | null, unit: Unit, polarity: Polarity) => {
  const d = delta({ value, unit, polarity }, { label: 'prior week', value: base }, format);
  return [d.text, d.word, d.arrow, d.tone, d.base];
};

describe('delta', () => {
  it.each<[number | null, number | null, Unit, Polarity, string[]]>([
    [106.1, 100, 'money', 'up', ['+6.1%', 'up', 'up', 'good', '€100.00']],
    [90, 100, 'count', 'up', ['−10.0%', 'down', 'down', 'bad', '100']],
    [0.342, 0.333, 'share', 'up', ['+0.9 pt', 'up', 'up', 'good', '33.3%']],
    [0.15, 0.12, 'share', 'down', ['+3.0 pt', 'up', 'up', 'bad', '12.0%']],
    [4, 5, 'days', 'down', ['−20.0%', 'down', 'down', 'good', '5.0 days']],
    [110, 100, 'count', 'none', ['+10.0%', 'up', 'up', 'flat', '100']],
    [100.01, 100, 'money', 'up', ['0.0%', 'unchanged', 'none', 'flat', '€100.00']],
    [5, 0, 'count', 'up', ['–', 'not known', 'none', 'flat', '0']],
    [null, 5, 'count', 'up', ['–', 'not known', 'none', 'flat', '5']],
    [5, null, 'count', 'up', ['–', 'not known', 'none', 'flat', '–']],
    [50, -100, 'money', 'up', ['+150.0%', 'up', 'up', 'good', '−€100.00']],
  ])('%s against %s (%s, good is %s)', (value, base, unit, polarity, expected) => {
    expect(of(value, base, unit, polarity)).toEqual(expected);
  });

  it('gives a tile two comparisons, its standing, and a key that names the band', () => {
    const { result } = fixture('overview').sections[0]!;
    if ('unavailable' in result) throw new Error('the fixture has sales');
    const { tiles, key } = tileViews(result.metrics, format);
    expect(tiles.map((t) => t.deltas.map((d) => d.of))).toEqual(Array(6).fill(['prior week', 'same week last year']));
    expect(tiles[3]).toMatchObject({ standing: 'Below expected range', tone: 'bad' });
    expect(tiles[4]).toMatchObject({ standing: 'Above expected range', tone: 'bad' });
    expect(key).toContain('XmR limits over the weeks shown');
  });
});

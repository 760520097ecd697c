import { barChart } from '#chart/bar.ts';
import { lineChart } from '#chart/line.ts';
import { prose } from '#contract/prose.ts';
import { type Drawn, drawn } from './figures.ts';
import { spendBins, spendByFrequency } from './money.ts';
import type { Study } from './study.ts';

/** The check of the spend model: distribution of mean values, and mean value by frequency. */
export function spendFigures(study: Study): Drawn[] {
  return [distribution(study), frequency(study)];
}

function distribution({ input, spend, context: { format } }: Study): Drawn {
  const id = 'spend-distribution';
  const bins = spendBins(input.spend, spend);
  if (!spend.fit || bins.length === 0) return { id, omitted: 'Too few repeat buyers for a distribution of spend' };
  const name = spend.rule === 'pooled' ? 'one common mean' : 'Gamma-Gamma';
  return drawn(
    lineChart({
      ...{ id, width: 'half', format, unit: 'share', x: 'value', y: 'observed', compare: 'expected', compareLabel: 'Model' },
      ...{ zero: true, endLabel: false, xTitle: 'Mean net value of a repeat purchase' },
      rows: bins.map(({ from, to, observed, expected }) => ({ value: (from + to) / 2, observed, expected })),
      title: (rows) => {
        const apart = rows.reduce((sum, row) => sum + Math.abs(Number(row.observed) - Number(row.expected)), 0) / 2;
        return prose`The spend model places ${format.share(1 - apart)} of repeat buyers where they are`;
      },
      subtitle: prose`Share of ${format.count(spend.fit.n)} repeat buyers by mean net value; grey: ${name}`,
      of: 'repeat buyers by the mean value of their repeat purchases',
      reason: prose`the distribution by ${name} is drawn beside what was observed`,
      note: prose`In bins of ${format.money(bins[0]!.to - bins[0]!.from)}; the highest hundredth is not drawn.`,
    }),
  );
}

function frequency({ input, spend, context: { format } }: Study): Drawn {
  const id = 'spend-frequency';
  const classes = spendByFrequency(input.spend);
  if (classes.length < 2) return { id, omitted: 'Too few frequent buyers to compare their spend' };
  const pearson = spend.fit?.correlation.pearson ?? null;
  return drawn(
    barChart({
      ...{ id, width: 'half', format, unit: 'money', x: 'purchases', y: 'mean', low: 'low', high: 'high', xTitle: 'Repeat purchases' },
      rows: classes.map(({ from, to, customers, mean, low, high }) => ({
        purchases:
          to === Number.POSITIVE_INFINITY
            ? prose`${format.count(from)}+`
            : to - from === 1
              ? format.count(from)
              : prose`${format.count(from)}–${format.count(to - 1)}`,
        ...{ customers, mean, low, high },
      })),
      title:
        pearson === null
          ? 'What a purchase is worth, by how many there were'
          : prose`Frequency and spend ${spend.fit!.correlation.isCorrelated ? 'go together' : 'are all but unrelated'}: correlation ${format.ratio(pearson)}`,
      subtitle: 'Mean net value of a repeat purchase with intervals, by number of repeat purchases',
      of: 'mean value by number of repeat purchases',
      reason: 'the spend model needs it to be level',
    }),
  );
}

import { chiSquareUpper } from '#stats/distribution.ts';
import { ratio, total } from '../shared/change.ts';
import type { Catalogue, ParetoStep, StockBand } from './input.ts';

/** Part of gross sales that the leading products make. */
export const leadingShare = 0.8;
/** Units a product on average that the test of evenness needs to say anything. */
const leastMean = 0.2;

export interface Spread {
  /** Products sold in the last 52 weeks, and how many of them make four fifths of their gross sales. */
  products: number;
  leading: number;
  share: number;
  gross: number;
  /** From the best seller down: shares of products and of gross sales so far. */
  curve: { products: number; sales: number }[];
  /**
   * Variance of units over their mean across the catalogue, 1 where each sale goes to any product alike, with the chance of one as
   * large; null where too few were sold.
   */
  dispersion: { value: number; p: number; products: number } | null;
}

export function spreadOf(steps: readonly ParetoStep[], catalogue: Catalogue | null): Spread | null {
  const products = total(steps, (step) => step.products);
  const gross = total(steps, (step) => step.gross_amount);
  if (products === 0 || !(gross > 0)) return null;
  const leading = total(steps, (step) => step.leading);
  let [count, sales] = [0, 0];
  const curve = steps
    .toSorted((a, b) => a.step - b.step)
    .map((step) => {
      count += step.products;
      sales += step.gross_amount;
      return { products: count / products, sales: Math.min(1, sales / gross) };
    });
  return {
    products,
    leading,
    share: leading / products,
    gross,
    curve: [{ products: 0, sales: 0 }, ...curve],
    dispersion: dispersionOf(catalogue),
  };
}

function dispersionOf(catalogue: Catalogue | null): Spread['dispersion'] {
  if (!catalogue) return null;
  const { products, units, squares } = catalogue;
  const mean = ratio(units, products);
  if (mean === null || products < 2 || mean < leastMean) return null;
  const value = (squares - products * mean * mean) / (products - 1) / mean;
  return { value, p: chiSquareUpper(value * (products - 1), products - 1), products };
}

/** Days in stock from which stock is called old. */
const oldDays = 181;

export interface StockLine {
  category: string;
  units: number;
  cost: number;
  oldUnits: number;
  oldCost: number;
  share: number | null;
}

/** Stock at cost by category, the most old money first. */
export function stockLines(bands: readonly StockBand[]): StockLine[] {
  return [...Map.groupBy(bands, ({ category }) => category)]
    .map(([category, rows]) => {
      const old = rows.filter(({ age_from }) => age_from >= oldDays);
      const [cost, oldCost] = [total(rows, (row) => row.stock_cost), total(old, (row) => row.stock_cost)];
      return {
        category,
        units: total(rows, (row) => row.stock_units),
        cost,
        oldUnits: total(old, (row) => row.stock_units),
        oldCost,
        share: ratio(oldCost, cost),
      };
    })
    .toSorted((a, b) => b.oldCost - a.oldCost || (a.category < b.category ? -1 : 1));
}

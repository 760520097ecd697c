import { type Compressed, compress, type Histories } from './compress.ts';

/** Characteristics of customers that don't change with time: `values[i][k]` is customer i's value of `names[k]`. */
export interface Covariates {
  names: readonly string[];
  values: ArrayLike<ArrayLike<number>>;
}

/** @throws RangeError that names the part and the row: names that repeat, values missing, too many or not finite. */
export function checkCovariates(where: string, covariates: Covariates | undefined, customers: number): void {
  if (!covariates) return;
  const { names, values } = covariates;
  if (new Set(names).size !== names.length) throw new RangeError(`${where}: expected names that differ, found ${names.join(', ')}`);
  if (values.length !== customers) throw new RangeError(`${where}: expected values of ${customers} customers, found ${values.length}`);
  for (let i = 0; i < customers; i++) {
    const row = values[i]!;
    if (row.length !== names.length) throw new RangeError(`${where}: expected ${names.length} values, found ${row.length} in row ${i}`);
    for (let k = 0; k < row.length; k++) {
      if (!Number.isFinite(row[k])) throw new RangeError(`${where}: expected finite values, found ${row[k]} of ${names[k]} in row ${i}`);
    }
  }
}

/** Customers who share all their characteristics: the first of them, and their histories collapsed. */
interface Peers {
  first: number;
  rows: Compressed;
}

/** Customers grouped by the characteristics of both parts, in order of first appearance. */
export function peersOf(histories: Histories, purchase: Covariates | undefined, dropout: Covariates | undefined): Peers[] {
  const members = new Map<string, number[]>();
  for (let i = 0; i < histories.x.length; i++) {
    const key = `${purchase ? Array.from(purchase.values[i]!).join() : ''};${dropout ? Array.from(dropout.values[i]!).join() : ''}`;
    const list = members.get(key);
    if (list) list.push(i);
    else members.set(key, [i]);
  }
  const { x, tx, T, weight } = histories;
  return Array.from(members.values(), (list) => {
    const pick = (values: ArrayLike<number>) => Float64Array.from(list, (i) => values[i]!);
    return { first: list[0]!, rows: compress({ x: pick(x), tx: pick(tx), T: pick(T), ...(weight ? { weight: pick(weight) } : {}) }) };
  });
}

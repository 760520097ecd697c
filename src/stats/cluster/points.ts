import { checkCount, checkFinite } from '../estimate.ts';

/** n points of d features, row-major. */
export interface Points {
  data: Float64Array;
  n: number;
  d: number;
}

/**
 * Points from features, one array a feature.
 * @throws RangeError without a feature, when lengths differ, or when a value isn't finite.
 */
export function pointsOf(features: readonly ArrayLike<number>[]): Points {
  const d = checkCount('features', features.length, 1);
  const n = features[0]!.length;
  const data = new Float64Array(n * d);
  features.forEach((feature, j) => {
    if (feature.length !== n) throw new RangeError(`features[${j}]: expected ${n} values as in the first, found ${feature.length}`);
    checkFinite(`features[${j}]`, feature);
    for (let i = 0; i < n; i++) data[i * d + j] = feature[i]!;
  });
  return { data, n, d };
}

/** @throws RangeError unless `data` holds n × d finite numbers. */
export function checkPoints({ data, n, d }: Points): void {
  checkCount('n', n);
  checkCount('d', d, 1);
  if (data.length !== n * d) throw new RangeError(`data: expected ${n} × ${d} numbers, found ${data.length}`);
  checkFinite('data', data);
}

/** The points at these positions. */
export function pick({ data, d }: Points, at: ArrayLike<number>): Points {
  const out = new Float64Array(at.length * d);
  for (let i = 0; i < at.length; i++) out.set(data.subarray(at[i]! * d, (at[i]! + 1) * d), i * d);
  return { data: out, n: at.length, d };
}

/**
 * Mean absolute change over `lag` points: what a forecast's errors are measured by (Hyndman & Koehler 2006). Null where there is no
 * pair or no change.
 * @param values NaN where missing.
 */
export function naiveScale(values: ArrayLike<number>, lag: number): number | null {
  let [total, pairs] = [0, 0];
  for (let t = lag; t < values.length; t++) {
    const change = Math.abs(values[t]! - values[t - lag]!);
    if (Number.isNaN(change)) continue;
    total += change;
    pairs++;
  }
  return total > 0 ? total / pairs : null;
}

/**
 * Mean absolute scaled error of a forecast: 1 is as far off as the seasonal naive forecast of one period was on the training values
 * (Hyndman & Koehler 2006, eq. 4). Null where nothing is known to judge by.
 * @param train oldest first, NaN where missing. @param lag points in a period; 1 without a season.
 */
export function mase(train: ArrayLike<number>, actual: ArrayLike<number>, forecast: ArrayLike<number>, lag: number): number | null {
  const scale = naiveScale(train, lag);
  let [total, n] = [0, 0];
  for (let h = 0; h < actual.length; h++) {
    const error = Math.abs(actual[h]! - forecast[h]!);
    if (Number.isNaN(error)) continue;
    total += error;
    n++;
  }
  return scale === null || n === 0 ? null : total / n / scale;
}

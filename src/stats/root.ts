/**
 * Root of an increasing function between `low` and `high`, by Newton's method kept inside a shrinking bracket (bisection where a
 * step would leave it). Starts from `high` if the function is flat nowhere; full double precision.
 * @param f gives the value and the slope at a point; a value of ±Infinity counts as a sign.
 */
export function newton(f: (x: number) => [value: number, slope: number], low: number, high: number): number {
  let a = low;
  let b = high;
  let x = 0.5 * (a + b);
  for (let i = 0; i < 200; i++) {
    const [value, slope] = f(x);
    if (value === 0) return x;
    if (value > 0) b = x;
    else a = x;
    let next = x - value / slope;
    if (!(next > a && next < b)) next = 0.5 * (a + b);
    if (next === x || Math.abs(next - x) <= 1e-16 * Math.abs(next)) return next;
    x = next;
  }
  return x;
}

/** ψ(x) = d ln Γ(x)/dx for x > 0: recurrence up to 10, then the asymptotic series (DLMF 5.5.2, 5.11.2). */
export function digamma(x: number): number {
  if (!(x > 0)) throw new RangeError(`digamma: expected a positive number, found ${x}`);
  let shift = 0;
  let y = x;
  while (y < 10) {
    shift -= 1 / y;
    y += 1;
  }
  const s = 1 / (y * y);
  const series =
    s * (1 / 12 - s * (1 / 120 - s * (1 / 252 - s * (1 / 240 - s * (1 / 132 - s * (691 / 32760 - s * (1 / 12 - s * (3617 / 8160))))))));
  return shift + Math.log(y) - 0.5 / y - series;
}

/** ψ′(x) for x > 0: recurrence up to 10, then the asymptotic series (DLMF 5.15.5, 5.15.8). */
export function trigamma(x: number): number {
  if (!(x > 0)) throw new RangeError(`trigamma: expected a positive number, found ${x}`);
  let shift = 0;
  let y = x;
  while (y < 10) {
    shift += 1 / (y * y);
    y += 1;
  }
  const s = 1 / (y * y);
  const series =
    s * (1 / 6 - s * (1 / 30 - s * (1 / 42 - s * (1 / 30 - s * (5 / 66 - s * (691 / 2730 - s * (7 / 6 - s * (3617 / 510))))))));
  return shift + 1 / y + 0.5 * s + series / y;
}

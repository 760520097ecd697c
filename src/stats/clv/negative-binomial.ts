/** Chances below this are left out of a distribution of counts. */
export const negligibleChance = 1e-9;

/**
 * P(n) of a Poisson count over a time of `tau` rates' scales with rate ~ Gamma(shape, 1), for n = 1, 2, … asked for in this order:
 * a product where it doesn't underflow, its logarithm where it does.
 */
export function negativeBinomial(shape: number, tau: number): (n: number) => number {
  const logNone = -shape * Math.log1p(tau);
  const z = tau / (1 + tau);
  if (logNone > -600) {
    let term = Math.exp(logNone);
    return (n) => {
      term *= ((shape + n - 1) / n) * z;
      return term;
    };
  }
  let log = logNone;
  return (n) => {
    log += Math.log(((shape + n - 1) / n) * z);
    return Math.exp(log);
  };
}

import { logGamma } from '../gamma.ts';
import { digamma, trigamma } from './digamma.ts';

const summed = 64;

/** ln Γ(r + x) − ln Γ(r), r > 0, x ≥ 0: a product for small whole x, so that nothing cancels. */
export function logRising(r: number, x: number): number {
  if (x < summed && Number.isInteger(x)) {
    let product = 1;
    let log = 0;
    for (let i = 0; i < x; i++) {
      product *= r + i;
      if (product > 1e200 || product < 1e-200) {
        log += Math.log(product);
        product = 1;
      }
    }
    return log + Math.log(product);
  }
  return logGamma(r + x) - logGamma(r);
}

/** ψ(r + x) − ψ(r): the derivative of `logRising` in r. */
export function risingSlope(r: number, x: number): number {
  if (x < summed && Number.isInteger(x)) {
    let sum = 0;
    for (let i = 0; i < x; i++) sum += 1 / (r + i);
    return sum;
  }
  return digamma(r + x) - digamma(r);
}

/** ψ′(r + x) − ψ′(r): the second derivative of `logRising` in r. */
export function risingCurvature(r: number, x: number): number {
  if (x < summed && Number.isInteger(x)) {
    let sum = 0;
    for (let i = 0; i < x; i++) sum -= 1 / ((r + i) * (r + i));
    return sum;
  }
  return trigamma(r + x) - trigamma(r);
}

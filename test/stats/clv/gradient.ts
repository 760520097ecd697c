import { expect } from 'vitest';
import type { LogLikelihood } from '../../../src/stats/clv/fit.ts';

/** Holds gradient and Hessian against central differences of value and gradient. */
export function checkDerivatives(f: LogLikelihood, theta: number[], relative = 1e-5): void {
  const k = theta.length;
  const at = Float64Array.from(theta);
  const gradient = new Float64Array(k);
  const hessian = new Float64Array(k * k);
  const value = f(at, gradient, hessian);
  expect(Number.isFinite(value)).toBe(true);
  expect(f(at)).toBeCloseTo(value, 8);
  for (let i = 0; i < k; i++) {
    const h = 1e-5 * (Math.abs(theta[i]!) || 1);
    const up = Float64Array.from(at);
    const down = Float64Array.from(at);
    up[i]! += h;
    down[i]! -= h;
    const gUp = new Float64Array(k);
    const gDown = new Float64Array(k);
    const slope = (f(up, gUp) - f(down, gDown)) / (2 * h);
    const rounding = (1e-14 * (1 + Math.abs(value))) / h;
    expect(Math.abs(slope - gradient[i]!)).toBeLessThan(relative * (Math.abs(slope) + Math.abs(gradient[i]!)) + 20 * rounding + 1e-7);
    for (let j = 0; j < k; j++) {
      const bend = (gUp[j]! - gDown[j]!) / (2 * h);
      const scale = Math.sqrt(Math.abs(hessian[i * k + i]! * hessian[j * k + j]!)) + Math.abs(hessian[i * k + j]!);
      const blur = (1e-13 * (1 + Math.abs(gUp[j]!))) / h;
      expect(Math.abs(bend - hessian[i * k + j]!)).toBeLessThan(10 * relative * scale + 20 * blur + 1e-7);
    }
  }
}

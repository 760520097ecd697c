import type { LogLikelihood, Problem } from './fit.ts';

/** The penalised log-likelihood on the scale of the search: logarithms of positive parameters. Writes gradient and Hessian when asked. */
export type Working = (u: Float64Array, gradient?: Float64Array, hessian?: Float64Array) => number;

/** The penalised log-likelihood with its derivatives on the working scale. */
export function working<Name extends string>(problem: Problem<Name>, logLikelihood: LogLikelihood): Working {
  const k = problem.names.length;
  const isReal = problem.names.map((name) => problem.real?.includes(name) ?? false);
  const theta = new Float64Array(k);
  const natural = new Float64Array(k);
  const spread = (value: number | readonly number[], i: number) => (typeof value === 'number' ? value : value[i]!);
  const centres = problem.names.map((_, i) => {
    if (!problem.prior) return 0;
    const centre = spread(problem.prior.centre, i);
    return isReal[i] ? centre : Math.log(centre);
  });
  const precisions = problem.names.map((_, i) => (problem.prior ? 1 / spread(problem.prior.sd, i) ** 2 : 0));
  return (u, gradient, hessian) => {
    for (let i = 0; i < k; i++) theta[i] = isReal[i] ? u[i]! : Math.exp(u[i]!);
    let value = gradient || hessian ? logLikelihood(theta, natural, hessian) : logLikelihood(theta);
    for (let i = 0; i < k; i++) {
      const d = u[i]! - centres[i]!;
      const precision = precisions[i]!;
      if (precision > 0) value -= 0.5 * precision * d * d;
      const slope = isReal[i] ? natural[i]! : natural[i]! * theta[i]!;
      if (gradient) gradient[i] = slope - precision * (precision > 0 ? d : 0);
      if (!hessian) continue;
      for (let j = 0; j < k; j++) hessian[i * k + j]! *= (isReal[i] ? 1 : theta[i]!) * (isReal[j] ? 1 : theta[j]!);
      hessian[i * k + i]! += (isReal[i] ? 0 : slope) - precision;
    }
    return value;
  };
}

/** Hessian on the working scale by central differences of the gradient. */
export function differences(f: Working, u: Float64Array, hessian: Float64Array): void {
  const k = u.length;
  const at = Float64Array.from(u);
  const up = new Float64Array(k);
  const down = new Float64Array(k);
  for (let i = 0; i < k; i++) {
    const h = 1e-4 * Math.max(1, Math.abs(u[i]!) / 10);
    at[i] = u[i]! + h;
    f(at, up);
    at[i] = u[i]! - h;
    f(at, down);
    at[i] = u[i]!;
    for (let j = 0; j < k; j++) hessian[i * k + j] = (up[j]! - down[j]!) / (2 * h);
  }
  for (let i = 0; i < k; i++) {
    for (let j = 0; j < i; j++) hessian[i * k + j] = hessian[j * k + i] = 0.5 * (hessian[i * k + j]! + hessian[j * k + i]!);
  }
}

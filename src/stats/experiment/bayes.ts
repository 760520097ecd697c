import { betaParts, betaQuantile, betaQuantileParts } from '../beta.ts';
import { gaussLegendre } from '../clv/gauss.ts';
import { checkCount, checkLevel, defaultLevel, type Estimate } from '../estimate.ts';
import type { Successes } from '../proportion.ts';

/** A beta distribution of a share. */
export interface Beta {
  alpha: number;
  beta: number;
}

export interface BayesReadout {
  /** Posterior of each arm. */
  a: Beta;
  b: Beta;
  /** P(share of b > share of a). */
  chance: number;
  /** Share given away on average by taking b where a is better, and by taking a where b is, in points. */
  lossOfB: number;
  lossOfA: number;
  /** Share of b minus share of a: posterior mean, equal-tailed credible interval. */
  difference: Estimate;
}

const rule = gaussLegendre(20);
/** Quantile levels that integrate over a posterior: panels that narrow towards either end, where densities can rise without bound. */
const edges = [0, 1e-8, 1e-5, 1e-3, 0.02, 0.15, 0.5, 0.85, 0.98, 0.999, 1 - 1e-5, 1 - 1e-8, 1];

/** Posterior of a share after these customers. @throws RangeError unless 0 ≤ successes ≤ n, whole, and the prior is positive. */
export function posterior({ successes, n }: Successes, prior: Beta = { alpha: 1, beta: 1 }): Beta {
  checkCount('n', n);
  checkCount('successes', successes);
  if (successes > n) throw new RangeError(`successes: expected at most n (${n}), found ${successes}`);
  if (!(prior.alpha > 0 && prior.beta > 0))
    throw new RangeError(`prior: expected positive numbers, found ${prior.alpha} and ${prior.beta}`);
  return { alpha: prior.alpha + successes, beta: prior.beta + n - successes };
}

/** E f(X) for X of this distribution. */
export function expectation({ alpha, beta }: Beta, f: (x: number) => number): number {
  return spread({ alpha, beta }).reduce((total, { x, weight }) => total + weight * f(x), 0);
}

function spread({ alpha, beta }: Beta): { x: number; weight: number }[] {
  const nodes: { x: number; weight: number }[] = [];
  for (let e = 1; e < edges.length; e++) {
    const [low, high] = [edges[e - 1]!, edges[e]!];
    for (let k = 0; k < rule.nodes.length; k += 1) {
      const p = low + ((high - low) * (1 + rule.nodes[k]!)) / 2;
      nodes.push({ x: betaQuantileParts(p, alpha, beta).x, weight: (rule.weights[k]! * (high - low)) / 2 });
    }
  }
  return nodes;
}

const below = (x: number, { alpha, beta }: Beta) => (x <= 0 ? 0 : x >= 1 ? 1 : betaParts(x, alpha, beta).lower);

/** P(Y > X) of two independent beta variates, by integration over the quantiles of Y. */
export function chanceAbove(y: Beta, x: Beta): number {
  return Math.min(
    1,
    Math.max(
      0,
      expectation(y, (at) => below(at, x)),
    ),
  );
}

/**
 * Two arms by independent beta posteriors: the chance that b is better, what a wrong choice costs on average (Stucchio 2015), and the
 * difference. Valid at any time for one who believes the prior; it doesn't hold false calls at a rate.
 * @param prior of either share; uniform unless told otherwise.
 */
export function bayesReadout(a: Successes, b: Successes, prior?: Beta, level = defaultLevel): BayesReadout {
  const [before, after] = [posterior(a, prior), posterior(b, prior)];
  checkLevel(level);
  const mean = ({ alpha, beta }: Beta) => alpha / (alpha + beta);
  const chance = chanceAbove(after, before);
  // E max(X − Y, 0) = E X · P(X′ > Y) − E Y · P(X > Y′), where ′ counts one success more (exact for beta variates).
  const loss = (x: Beta, y: Beta) =>
    Math.max(
      0,
      mean(x) * (1 - chanceAbove(y, { ...x, alpha: x.alpha + 1 })) - mean(y) * (1 - chanceAbove({ ...y, alpha: y.alpha + 1 }, x)),
    );
  const nodes = spread(before);
  const upTo = (d: number) => nodes.reduce((total, { x, weight }) => total + weight * below(x + d, after), 0);
  const at = (p: number) => {
    let [low, high] = [-1, 1];
    for (let i = 0; i < 50; i++) {
      const middle = (low + high) / 2;
      if (upTo(middle) < p) low = middle;
      else high = middle;
    }
    return (low + high) / 2;
  };
  const tail = (1 - level) / 2;
  const difference = { value: mean(after) - mean(before), low: at(tail), high: at(1 - tail), n: a.n + b.n };
  return { a: before, b: after, chance, lossOfB: loss(before, after), lossOfA: loss(after, before), difference };
}

/** Equal-tailed credible interval of a share. */
export function credible({ alpha, beta }: Beta, level = defaultLevel): { low: number; high: number } {
  const tail = (1 - checkLevel(level)) / 2;
  return { low: betaQuantile(tail, alpha, beta), high: betaQuantile(1 - tail, alpha, beta) };
}

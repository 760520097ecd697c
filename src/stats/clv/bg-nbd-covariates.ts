import {
  type BetaGeometricName,
  betaGeometricLikelihood,
  betaGeometricNames,
  betaGeometricStarts,
  type FitOptions,
  rowsToFit,
} from './beta-geometric.ts';
import type { BgNbd } from './bg-nbd.ts';
import { type Compressed, checkHistories, checkPositive, type Histories, thin } from './compress.ts';
import { type Covariates, checkCovariates, peersOf } from './covariates.ts';
import { type Fit, type LogLikelihood, maximise } from './fit.ts';

export interface BgNbdCovariates {
  /** Of the purchase rate: α_i = α exp(−γ′z). */
  purchase?: Covariates;
  /** Of dropping out. */
  dropout?: Covariates;
  /**
   * 'shared' (unless given): a_i = a exp(η′z), b_i = b exp(η′z), as Fader & Hardie (2007) and CLVTools have it; the mean chance a/(a+b) is the
   * same for all and only its spread moves. 'separate': a coefficient each, so that the mean moves too (as PyMC-Marketing).
   */
  dropoutCoefficients?: 'shared' | 'separate';
}

/** A baseline and coefficients. `dropoutB` equals `dropoutA` where the coefficients are shared. */
export interface BgNbdWithCovariates extends BgNbd {
  purchase: readonly number[];
  dropoutA: readonly number[];
  dropoutB: readonly number[];
}

/**
 * The BG/NBD model of customers with these characteristics: every function of the model then applies as it is (Fader & Hardie 2007,
 * 'Incorporating Time-Invariant Covariates into the Pareto/NBD and BG/NBD Models', section 3).
 * @throws RangeError for parameters that aren't, and characteristics that aren't finite or not as many as coefficients.
 */
export function bgNbdFor(model: BgNbdWithCovariates, purchase: ArrayLike<number>, dropout: ArrayLike<number>): BgNbd {
  const sum = (name: string, coefficients: readonly number[], values: ArrayLike<number>) => {
    if (values.length !== coefficients.length)
      throw new RangeError(`${name}: expected ${coefficients.length} values, found ${values.length}`);
    return coefficients.reduce((total, coefficient, k) => {
      if (!Number.isFinite(values[k])) throw new RangeError(`${name}: expected finite values, found ${values[k]} at ${k}`);
      return total + coefficient * values[k]!;
    }, 0);
  };
  const one = {
    r: model.r,
    alpha: model.alpha * Math.exp(-sum('purchase', model.purchase, purchase)),
    a: model.a * Math.exp(sum('dropout', model.dropoutA, dropout)),
    b: model.b * Math.exp(sum('dropout', model.dropoutB, dropout)),
  };
  checkPositive(one, betaGeometricNames);
  return one;
}

/** Customers who share their characteristics; `loads[e]` are the derivatives of ln θ_e in the coefficients, e over r, α, a, b. */
interface Profile {
  loads: Float64Array[];
  rows: Compressed;
}

function profilesOf(histories: Histories, { purchase, dropout, dropoutCoefficients }: BgNbdCovariates): Profile[] {
  const purchases = purchase?.names.length ?? 0;
  const dropouts = dropout?.names.length ?? 0;
  const isSeparate = dropoutCoefficients === 'separate';
  return peersOf(histories, purchase, dropout).map(({ first, rows }) => {
    const loads = betaGeometricNames.map(() => new Float64Array(purchases + dropouts * (isSeparate ? 2 : 1)));
    for (let c = 0; c < purchases; c++) loads[1]![c] = -purchase!.values[first]![c]!;
    for (let c = 0; c < dropouts; c++) {
      const z = dropout!.values[first]![c]!;
      loads[2]![purchases + c] = z;
      loads[3]![purchases + c + (isSeparate ? dropouts : 0)] = z;
    }
    return { loads, rows };
  });
}

/** Log-likelihood in (r, α, a, b, coefficients) with gradient and Hessian, by the chain rule from each profile's own (r, α, a, b). */
function sumOver(profiles: readonly Profile[], coefficients: number): LogLikelihood {
  const parts = profiles.map(({ loads, rows }) => ({ loads, sum: betaGeometricLikelihood(rows, 0) }));
  const k = 4 + coefficients;
  const own = new Float64Array(4);
  const slope = new Float64Array(4);
  const bend = new Float64Array(16);
  // Rows: the derivative of ln own_e in each parameter, 1/θ_e on the baseline itself.
  const jacobian = new Float64Array(4 * k);
  return (theta, gradient, hessian) => {
    let value = 0;
    gradient?.fill(0);
    hessian?.fill(0);
    for (const { loads, sum } of parts) {
      for (let e = 0; e < 4; e++) {
        let log = 0;
        for (let c = 0; c < coefficients; c++) {
          jacobian[e * k + 4 + c] = loads[e]![c]!;
          log += loads[e]![c]! * theta[4 + c]!;
        }
        own[e] = theta[e]! * Math.exp(log);
        if (!(own[e]! > 0 && own[e]! < Number.POSITIVE_INFINITY)) return Number.NaN;
        jacobian[e * k + e] = 1 / theta[e]!;
      }
      if (!gradient) {
        value += sum(own);
        continue;
      }
      value += sum(own, slope, hessian ? bend : undefined);
      for (let e = 0; e < 4; e++) {
        const scaled = slope[e]! * own[e]!;
        for (let i = 0; i < k; i++) gradient[i]! += scaled * jacobian[e * k + i]!;
      }
      if (!hessian) continue;
      for (let i = 0; i < k; i++) {
        for (let j = 0; j < k; j++) {
          let entry = 0;
          for (let e = 0; e < 4; e++) {
            const left = jacobian[e * k + i]!;
            if (left === 0) continue;
            for (let f = 0; f < 4; f++) entry += left * own[e]! * own[f]! * bend[e * 4 + f]! * jacobian[f * k + j]!;
            entry += slope[e]! * own[e]! * left * jacobian[e * k + j]!;
          }
          hessian[i * k + j]! += entry;
        }
      }
      // ln θ_e bends: d² ln θ/dθ² = −1/θ².
      for (let e = 0; e < 4; e++) hessian[e * k + e]! -= (slope[e]! * own[e]!) / (theta[e]! * theta[e]!);
    }
    return value;
  };
}

const thinned = 1500;

/** Fewer rows that stand for all: every so many profiles, each thinned in proportion. Null where there is little to save. */
function thinProfiles(profiles: readonly Profile[]): Profile[] | null {
  const total = profiles.reduce((sum, { rows }) => sum + rows.x.length, 0);
  if (total <= 4 * thinned) return null;
  const step = Math.ceil(profiles.length / 500);
  const customers = profiles.reduce((sum, { rows }) => sum + rows.customers, 0);
  return profiles
    .filter((_, i) => i % step === 0)
    .map(({ loads, rows }) => ({ loads, rows: thin(rows, Math.max(1, Math.ceil((thinned * step * rows.customers) / customers))) }));
}

/**
 * Maximum likelihood of the BG/NBD model with static covariates. Parameters are named r, alpha, a, b, `purchase.<name>` and
 * `dropout.<name>` (`dropoutA.<name>` and `dropoutB.<name>` where separate); coefficients are real and start at 0. Customers who
 * share their characteristics are collapsed together. A characteristic that is constant or follows from others makes the fit
 * singular, and it says so.
 * @throws RangeError that names the row that is no history, or the characteristic that is missing or not finite.
 */
export function fitBgNbdCovariates(
  histories: Histories,
  covariates: BgNbdCovariates,
  options: FitOptions = {},
): Fit<string> & { model: BgNbdWithCovariates } {
  checkHistories(histories);
  checkCovariates('purchase', covariates.purchase, histories.x.length);
  checkCovariates('dropout', covariates.dropout, histories.x.length);
  const named = (part: string, of?: Covariates) => of?.names.map((name) => `${part}.${name}`) ?? [];
  const isSeparate = covariates.dropoutCoefficients === 'separate';
  const purchase = named('purchase', covariates.purchase);
  const dropoutA = named(isSeparate ? 'dropoutA' : 'dropout', covariates.dropout);
  const dropoutB = isSeparate ? named('dropoutB', covariates.dropout) : dropoutA;
  const real = [...new Set([...purchase, ...dropoutA, ...dropoutB])];
  const all = rowsToFit(histories, 'BG/NBD');
  const profiles = profilesOf(histories, covariates);
  const few = thinProfiles(profiles);
  const fitted = maximise<string>({
    names: [...betaGeometricNames, ...real],
    real,
    logLikelihood: sumOver(profiles, real.length),
    hasHessian: true,
    ...(few && { coarse: sumOver(few, real.length) }),
    starts: options.starts ?? betaGeometricStarts(all).map((start) => [...start, ...real.map(() => 0)]),
    customers: all.customers,
    ...(options.prior && { prior: options.prior }),
  });
  const value = (name: string) => fitted.parameters[name]!;
  const baseline = Object.fromEntries(betaGeometricNames.map((name) => [name, value(name)])) as Record<BetaGeometricName, number>;
  return { ...fitted, model: { ...baseline, purchase: purchase.map(value), dropoutA: dropoutA.map(value), dropoutB: dropoutB.map(value) } };
}

import { type FitOptions, rowsToFit } from './beta-geometric.ts';
import { type Compressed, checkHistories, type Histories, thin } from './compress.ts';
import { type Covariates, checkCovariates, peersOf } from './covariates.ts';
import { type Fit, type LogLikelihood, maximise } from './fit.ts';
import { checkParetoNbd, type ParetoNbd, paretoNames, paretoNbdLikelihood, paretoNbdStarts } from './pareto-nbd.ts';

/** Which characteristics move the purchase rate, and which the dropout rate; either may be left out. */
export interface ParetoNbdCovariates {
  purchase?: Covariates;
  dropout?: Covariates;
}

/** A baseline and coefficients: a unit more of a characteristic multiplies the mean rate by e^coefficient. */
export interface ParetoNbdWithCovariates extends ParetoNbd {
  purchase: readonly number[];
  dropout: readonly number[];
}

const dotOf = (coefficients: ArrayLike<number>, values: ArrayLike<number>, offset = 0) => {
  let sum = 0;
  for (let k = 0; k < values.length; k++) sum += coefficients[offset + k]! * values[k]!;
  return sum;
};

/**
 * The Pareto/NBD model of customers with these characteristics: α·exp(−γ′z) and β·exp(−η′z) (Fader & Hardie 2007, 'Incorporating
 * Time-Invariant Covariates into the Pareto/NBD and BG/NBD Models', eq. 2 to 5). Every function of the model then applies as it is.
 * @throws RangeError for parameters that aren't, and characteristics that aren't finite or not as many as coefficients.
 */
export function paretoNbdFor(model: ParetoNbdWithCovariates, purchase: ArrayLike<number>, dropout: ArrayLike<number>): ParetoNbd {
  for (const [name, coefficients, values] of [
    ['purchase', model.purchase, purchase],
    ['dropout', model.dropout, dropout],
  ] as const) {
    if (values.length !== coefficients.length) {
      throw new RangeError(`${name}: expected ${coefficients.length} values, found ${values.length}`);
    }
    for (let k = 0; k < values.length; k++) {
      if (!Number.isFinite(values[k])) throw new RangeError(`${name}: expected finite values, found ${values[k]} at ${k}`);
    }
  }
  const one = {
    r: model.r,
    alpha: model.alpha * Math.exp(-dotOf(model.purchase, purchase)),
    s: model.s,
    beta: model.beta * Math.exp(-dotOf(model.dropout, dropout)),
  };
  checkParetoNbd(one);
  return one;
}

/** Customers who share their characteristics. */
interface Profile {
  purchase: number[];
  dropout: number[];
  rows: Compressed;
}

function profilesOf(histories: Histories, { purchase, dropout }: ParetoNbdCovariates): Profile[] {
  return peersOf(histories, purchase, dropout).map(({ first, rows }) => ({
    purchase: purchase ? Array.from(purchase.values[first]!) : [],
    dropout: dropout ? Array.from(dropout.values[first]!) : [],
    rows,
  }));
}

/** Log-likelihood in (r, α, s, β, γ…, η…) with gradient and Hessian by the chain rule from each profile's own (r, α, s, β). */
function sumOver(profiles: readonly Profile[], purchases: number, dropouts: number): LogLikelihood {
  const parts = profiles.map((profile) => ({ ...profile, sum: paretoNbdLikelihood(profile.rows) }));
  const k = 4 + purchases + dropouts;
  const own = new Float64Array(4);
  const slope = new Float64Array(4);
  const bend = new Float64Array(16);
  const jacobian = new Float64Array(4 * k);
  return (theta, gradient, hessian) => {
    let value = 0;
    gradient?.fill(0);
    hessian?.fill(0);
    for (const { purchase, dropout, sum } of parts) {
      const slower = Math.exp(-dotOf(theta, purchase, 4));
      const longer = Math.exp(-dotOf(theta, dropout, 4 + purchases));
      own[0] = theta[0]!;
      own[1] = theta[1]! * slower;
      own[2] = theta[2]!;
      own[3] = theta[3]! * longer;
      if (!(own[1] > 0 && own[3] > 0 && Number.isFinite(own[1] + own[3]))) return Number.NaN;
      if (!gradient && !hessian) {
        value += sum(own);
        continue;
      }
      value += sum(own, slope, hessian ? bend : undefined);
      jacobian.fill(0);
      jacobian[0] = 1;
      jacobian[k + 1] = slower;
      jacobian[2 * k + 2] = 1;
      jacobian[3 * k + 3] = longer;
      for (let c = 0; c < purchases; c++) jacobian[k + 4 + c] = -purchase[c]! * own[1];
      for (let c = 0; c < dropouts; c++) jacobian[3 * k + 4 + purchases + c] = -dropout[c]! * own[3];
      if (gradient) for (let i = 0; i < 4; i++) for (let j = 0; j < k; j++) gradient[j]! += slope[i]! * jacobian[i * k + j]!;
      if (!hessian) continue;
      for (let a = 0; a < k; a++) {
        for (let b = 0; b < k; b++) {
          let entry = 0;
          for (let i = 0; i < 4; i++) {
            const left = jacobian[i * k + a]!;
            if (left !== 0) for (let j = 0; j < 4; j++) entry += left * bend[i * 4 + j]! * jacobian[j * k + b]!;
          }
          hessian[a * k + b]! += entry;
        }
      }
      bendBack(hessian, k, 1, 4, purchase, slope[1]! * own[1], theta[1]!);
      bendBack(hessian, k, 3, 4 + purchases, dropout, slope[3]! * own[3], theta[3]!);
    }
    return value;
  };
}

/** Second derivatives of baseline·exp(−γ′z), times the slope. */
function bendBack(
  hessian: Float64Array,
  k: number,
  base: number,
  first: number,
  z: readonly number[],
  scaled: number,
  baseline: number,
): void {
  for (let c = 0; c < z.length; c++) {
    const cross = (-z[c]! * scaled) / baseline;
    hessian[base * k + first + c]! += cross;
    hessian[(first + c) * k + base]! += cross;
    for (let d = 0; d < z.length; d++) hessian[(first + c) * k + first + d]! += z[c]! * z[d]! * scaled;
  }
}

const thinned = 3000;

/** Fewer rows that stand for all: every so many profiles, thinned in proportion. Null where there is little to save. */
function thinProfiles(profiles: readonly Profile[]): Profile[] | null {
  const total = profiles.reduce((sum, { rows }) => sum + rows.x.length, 0);
  if (total <= 2 * thinned) return null;
  const step = Math.ceil(profiles.length / 1000);
  const customers = profiles.reduce((sum, { rows }) => sum + rows.customers, 0);
  return profiles
    .filter((_, i) => i % step === 0)
    .map(({ rows, ...profile }) => {
      const few = thin(rows, Math.max(1, Math.ceil((thinned * step * rows.customers) / customers)));
      return { ...profile, rows: step === 1 ? few : { ...few, weight: few.weight.map((w) => w * step), customers: few.customers * step } };
    });
}

/**
 * Maximum likelihood of the Pareto/NBD model with static covariates. Parameters are named r, alpha, s, beta, `purchase.<name>` and
 * `dropout.<name>`; coefficients are real and start at 0. Customers who share their characteristics are collapsed together. A
 * characteristic that is constant or follows from others makes the fit singular, and it says so.
 * @throws RangeError that names the row that is no history, or the characteristic that is missing or not finite.
 */
export function fitParetoNbdCovariates(
  histories: Histories,
  covariates: ParetoNbdCovariates,
  options: FitOptions = {},
): Fit<string> & { model: ParetoNbdWithCovariates } {
  checkHistories(histories);
  checkCovariates('purchase', covariates.purchase, histories.x.length);
  checkCovariates('dropout', covariates.dropout, histories.x.length);
  const purchases = covariates.purchase?.names.map((name) => `purchase.${name}`) ?? [];
  const dropouts = covariates.dropout?.names.map((name) => `dropout.${name}`) ?? [];
  const real = [...purchases, ...dropouts];
  const all = rowsToFit(histories, 'Pareto/NBD');
  const profiles = profilesOf(histories, covariates);
  const few = thinProfiles(profiles);
  const found = maximise<string>({
    names: [...paretoNames, ...real],
    real,
    logLikelihood: sumOver(profiles, purchases.length, dropouts.length),
    hasHessian: true,
    ...(few ? { coarse: sumOver(few, purchases.length, dropouts.length) } : {}),
    starts: options.starts ?? paretoNbdStarts(all).map((start) => [...start, ...real.map(() => 0)]),
    customers: all.customers,
    ...(options.prior && { prior: options.prior }),
  });
  const value = (name: string) => found.parameters[name]!;
  return {
    ...found,
    model: {
      r: value('r'),
      alpha: value('alpha'),
      s: value('s'),
      beta: value('beta'),
      purchase: purchases.map(value),
      dropout: dropouts.map(value),
    },
  };
}

import { z } from 'zod';
import { bgNbd } from '#stats/clv/bg-nbd.ts';
import type { Fit } from '#stats/clv/fit.ts';
import type { GammaGamma } from '#stats/clv/gamma-gamma.ts';
import type { Law } from '#stats/clv/law.ts';
import { mbgNbd } from '#stats/clv/mbg-nbd.ts';
import { nbd } from '#stats/clv/nbd.ts';
import { paretoNbd } from '#stats/clv/pareto-nbd.ts';
import type { TimeUnit } from '#stats/clv/unit.ts';

const number = z.number();
const parameters = z.record(z.string(), number);
const names = z.array(z.string()).nullable();
/** On the working scale, row-major; null where the Hessian is singular or nothing was fitted. */
const covariance = z.array(number).nullable();

/** The artifact `value-model/model`: what any horizon is scored from without fitting again. What else it holds is for the model card. */
const modelFile = z.object({
  model: z.string().min(1),
  law: z.enum(['bg-nbd', 'mbg-nbd', 'pareto-nbd', 'nbd']).nullable(),
  supported: z.boolean(),
  why: z.string().nullable(),
  unit: z.enum(['day', 'week', 'month', 'year']),
  parameters: parameters.nullable(),
  names,
  covariance,
  spend: z.object({
    rule: z.enum(['model', 'shrunk', 'by-frequency', 'pooled', 'all-purchases']),
    parameters: z.object({ p: number.positive(), q: number.positive(), v: number.positive() }),
    names,
    covariance,
    usual: number.min(0),
  }),
  discount: z.object({ per: z.literal('year'), rate: number.gt(-1) }),
  horizon: z.object({ unit: z.literal('day'), year: number.positive() }),
  interval: z.object({ level: number.gt(0).lt(1) }),
});

/** How the value of a purchase to come is distributed. */
export interface SpendLaw {
  rule: z.infer<typeof modelFile>['spend']['rule'];
  parameters: GammaGamma;
  /** Null where its parameters are no estimates. */
  fitted: Fit<keyof GammaGamma> | null;
  usual: number;
}

/** The law of purchases with its parameters; of a shop that can't carry a model that of the stated fallback. */
export interface Scorer {
  law: Law<Record<string, number>>;
  parameters: Record<string, number>;
  unit: TimeUnit;
  /** Null where the parameters are no estimates. */
  fitted: Fit<string> | null;
  spend: SpendLaw;
}

export interface ValueModel {
  /** A model of this shop's customers stands, and tells who will buy. */
  supported: boolean;
  /** Why not; null where it does. */
  reason: string | null;
  /** What scored the customers, as the model card names it: 'bg-nbd', or 'mean' for the mean rate of all. */
  id: string;
  /** What a horizon is scored with, the law by its id, so that it is plain data; null where there is nothing to score with. */
  scorer: (Omit<Scorer, 'law'> & { law: Law<never>['id'] }) | null;
  /** Days ahead that the stored values are for. */
  horizonDays: number;
  /** Effective, 0.15 for 15%. */
  discountPerYear: number;
  /** Of the intervals, 0.95. */
  level: number;
}

const laws = { 'bg-nbd': bgNbd, 'mbg-nbd': mbgNbd, 'pareto-nbd': paretoNbd, nbd } as unknown as Record<Law<never>['id'], Scorer['law']>;

/** @returns null where there is nothing to score with. */
export function scorerOf({ scorer }: ValueModel): Scorer | null {
  return scorer && { ...scorer, law: laws[scorer.law] };
}

/** @throws ZodError that names what is missing or wrong. */
export function parseModel(value: unknown): ValueModel {
  const file = modelFile.parse(value);
  const { spend } = file;
  const isFitted = spend.rule !== 'pooled' && spend.rule !== 'all-purchases';
  return {
    supported: file.supported,
    reason: file.supported ? null : (file.why ?? 'the run does not say why'),
    id: file.model,
    scorer: file.law &&
      file.parameters && {
        law: file.law,
        parameters: file.parameters,
        unit: file.unit,
        fitted: fitOf(file.names, file.parameters, file.covariance),
        spend: {
          rule: spend.rule,
          parameters: spend.parameters,
          fitted: isFitted ? (fitOf(spend.names, spend.parameters, spend.covariance) as Fit<keyof GammaGamma> | null) : null,
          usual: spend.usual,
        },
      },
    horizonDays: file.horizon.year,
    discountPerYear: file.discount.rate,
    level: file.interval.level,
  };
}

/** The parts of a fit that scoring reads. */
function fitOf(order: string[] | null, at: Record<string, number>, spread: number[] | null): Fit<string> | null {
  if (!order) return null;
  return { names: order, parameters: at, real: [], covariance: spread && Float64Array.from(spread) } as unknown as Fit<string>;
}

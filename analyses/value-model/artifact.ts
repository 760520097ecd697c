import type { Artifact } from '#contract/analysis.ts';
import type { Fitted } from './candidate.ts';
import { horizons } from './score.ts';
import type { Study } from './study.ts';

/** The model as it is stored with the run: enough to score any history for any horizon without a fit. */
export function artifactOf({ context, input, choice, spend, discount, scores }: Study): Artifact {
  const { id, name, model, fit, fitted, isSupported, why, forecasts } = choice;
  return {
    model: id,
    name,
    supported: isSupported,
    dropout: fit?.candidate.hasDropout ?? false,
    forecasts,
    why: why === '' ? null : why,
    unit: 'week',
    law: model ? model.law.id : null,
    parameters: model ? { ...model.parameters } : null,
    names: fit?.fit ? [...fit.fit.names] : null,
    covariance: fit?.fit?.covariance ? [...fit.fit.covariance] : null,
    covariance_scale: 'logarithms of the parameters, row by row',
    log_likelihood: fit?.fit?.logLikelihood ?? null,
    spend: {
      rule: spend.rule,
      refused: [...spend.refused],
      parameters: { ...spend.parameters },
      names: spend.fit ? [...spend.fit.names] : null,
      covariance: spend.fit?.covariance ? [...spend.fit.covariance] : null,
      usual: spend.usual,
      line: spend.line ? { ...spend.line } : null,
    },
    discount: { per: 'year', rate: discount },
    horizon: { unit: 'day', short: horizons.short, year: horizons.year },
    interval: { level: 0.95, has_parameter_uncertainty: scores.hasParameterUncertainty },
    verdicts: fitted.map(verdictOf),
    customers: input.histories.customers,
    repeat_purchases: input.histories.purchases,
    as_of: context.asOf,
    cutoff: input.calibration.cutoff,
    holdout_days: input.calibration.holdoutDays,
  };
}

function verdictOf({ candidate, refused }: Fitted): Artifact {
  return { model: candidate.id, stands: refused.length === 0, refused: [...refused] };
}

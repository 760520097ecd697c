import type { ColumnTable } from 'arquero';
import type { Context } from '#contract/analysis.ts';
import type { Formatter } from '#contract/format.ts';
import { type Appraisal, type AppraiseOptions, appraise, defaultAppraisal, type Result } from '#recommender/appraise.ts';
import { type Backend, openBackend } from '#recommender/backend.ts';
import { buildIndex, offerOf } from '#recommender/build.ts';
import { type Index, writeIndex } from '#recommender/index.ts';
import { type Recommender, recommender } from '#recommender/recommender.ts';
import { type Audience, audienceOf } from './audience.ts';
import { type Example, exampleOf } from './example.ts';
import { type Input, inputOf } from './input.ts';
import { type Place, placesOf } from './map.ts';
import { leastGain, probe } from './probe.ts';
import { type TextEffects, textModel } from './text-model.ts';
import { type Worth, worthOf } from './worth.ts';

/** Everything that the pages rest on. */
export interface Study {
  format: Formatter;
  asOf: string;
  input: Input;
  appraisal: Appraisal;
  /** The dear candidates were left untrained after the look at the validation window. */
  isStopped: boolean;
  /** Similarity of content is served, and foretells more than best sellers beyond noise, by an amount that matters. */
  contentAhead: boolean;
  /** Result of the better popularity, and of what is served; null without a test. */
  baseline: Result | null;
  served: Result | null;
  backend: Pick<Backend, 'name' | 'version'>;
  /** Name of the configured model of text; null where names are read by the towers themselves. */
  textModel: string | null;
  index: Index;
  bytes: Uint8Array;
  recommend: Recommender;
  /** Positions of offered products by customers who bought them, most first. */
  sellers: number[];
  places: Place[];
  /** Part of the variance of the vectors that the map shows. */
  mapped: number;
  audience: Audience;
  example: Example | null;
  worth: Worth | null;
}

/** Products that EASE^R is fitted to here at most: its cost grows with their third power. */
const easeLimit = 2000;

/** Trains, judges and builds. */
export async function measure(tables: Record<string, ColumnTable>, context: Context, effects: TextEffects): Promise<Study> {
  const { format, asOf, seed, params } = context;
  const input = inputOf(tables, context);
  const { catalogue, data, isOffered, now } = input;
  const text = await textModel(catalogue, params, effects);
  const offer = offerOf(catalogue, text?.vectors ?? null);
  const backend = await openBackend();
  const options: AppraiseOptions = { ...defaultAppraisal, seed, ease: { ...defaultAppraisal.ease, limit: easeLimit } };
  const early = await probe(data, offer, options, backend);
  const appraisal = early ?? (await appraise(data, offer, options, backend));
  const index = await buildIndex({ catalogue, data, offer, appraisal, now, isOffered }, options, backend);
  const recommend = recommender(index);
  const resultOf = (id: string | undefined) => appraisal.results.find((result) => result.id === id) ?? null;
  const baseline = resultOf(appraisal.plan?.baseline);
  const served = resultOf(appraisal.served);
  const contentAhead = appraisal.served === 'content' && served?.gain != null && served.gain.low > 0 && served.gain.value >= leastGain;
  const sellers = input.products
    .map(({ customers }, p) => ({ p, customers }))
    .filter(({ p, customers }) => isOffered[p] === 1 && customers > 0)
    .sort((a, b) => b.customers - a.customers || a.p - b.p)
    .map(({ p }) => p);
  const { places, mapped } = placesOf(index, sellers);
  return {
    ...{ format, asOf, input, appraisal, isStopped: early !== null, contentAhead, baseline, served, backend },
    ...{ textModel: text?.name ?? null, index, bytes: writeIndex(index), recommend, sellers, places, mapped },
    audience: audienceOf(input, recommend, backend),
    example: exampleOf(input, recommend),
    worth: worthOf(input, appraisal, baseline, served, options),
  };
}

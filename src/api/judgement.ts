import { z } from 'zod';

const verdicts = ['beats-popularity', 'within-noise', 'too-little-data'] as const;

/** How what is served was judged against popularity, on the shop's own holdout. */
export interface Judgement {
  verdict: (typeof verdicts)[number];
  /** The popularity to beat: of all time, or of the last weeks; null where nothing was judged. */
  baseline: 'popular' | 'recent' | null;
  /** Recall@20 of the best personal recommender minus that of the baseline, with its 95% interval; null where nothing was judged. */
  gain: { value: number; low: number; high: number } | null;
  /** Customers it was judged on. */
  customers: number;
  /** The same in words. */
  words: string;
}

const card = z.object({
  verdict: z.enum(verdicts),
  chosen: z.string().nullable(),
  baseline: z.enum(['popular', 'recent']).nullable(),
  test: z.object({ customers: z.number() }).nullable(),
  results: z.array(
    z.object({ recommender: z.string(), gain: z.object({ value: z.number(), low: z.number(), high: z.number() }).nullable() }),
  ),
});

const words: Record<Judgement['verdict'], string> = {
  'beats-popularity': "foretells what customers buy better than best sellers do, on the shop's own holdout",
  'within-noise':
    "nothing foretold what customers buy better than best sellers do beyond noise, on the shop's own holdout; so likeness is what is served",
  'too-little-data': 'too few customers to judge whether anything foretells better than best sellers do; so likeness is what is served',
};

/** @param value the artifact `recommendations/card`. @throws ZodError that names what is missing or wrong. */
export function parseJudgement(value: unknown): Judgement {
  const { verdict, chosen, baseline, test, results } = card.parse(value);
  const gain = results.find(({ recommender }) => recommender === chosen)?.gain ?? null;
  return { verdict, baseline, gain, customers: test?.customers ?? 0, words: words[verdict] };
}

import type { Backend } from './backend.ts';
import type { Vocabulary } from './features.ts';
import type { Histories } from './interactions.ts';
import { learner } from './learner.ts';
import type { Vectors } from './scorer.ts';
import { defaultTaste, type Taste } from './taste.ts';
import type { Content, ContentWeights } from './tower.ts';

export interface TrainOptions {
  dimensions: number;
  /** Examples a step. */
  batch: number;
  /** Passes at most. */
  epochs: number;
  /** Passes without a better score after which to stop. */
  patience: number;
  /** Step size of Adagrad. */
  rate: number;
  /** Of `rate`, what the content's weights move by: each of them stands in many products. */
  contentRate: number;
  /** L2 on id embeddings. */
  decay: number;
  /** Chance that a product's id embedding is left out of a step, so that its content must carry it. */
  idDropout: number;
  /** Days after which a purchase is drawn half as often as an example. */
  halfLife: number;
  /** Entries of a history used in an example at most, drawn anew each time. */
  history: number;
  taste: Taste;
}

export const defaultTraining: TrainOptions = {
  dimensions: 64,
  batch: 512,
  epochs: 12,
  patience: 2,
  rate: 0.05,
  contentRate: 0.1,
  decay: 1e-4,
  idDropout: 0.25,
  halfLife: 60,
  history: 48,
  taste: defaultTaste,
};

/** What a pass must add to the best score, as a share of it, to count as better. */
const leastGain = 0.01;

/** Two trained towers: vectors to score by, and what makes vectors of products that come later. */
export interface Towers extends Vectors {
  content: ContentWeights;
}

export interface Epoch {
  /** Mean loss of its examples, in nats; null without examples. */
  loss: number | null;
  examples: number;
  /** What `score` said; null without it. */
  score: number | null;
}

export interface Trained {
  towers: Towers;
  epochs: Epoch[];
  /** Passes behind `towers`. */
  best: number;
}

export interface TrainInput {
  histories: Histories;
  /** Day from which ages of examples are counted: the first after the data. */
  now: number;
  content: Content;
  vocabulary: Vocabulary;
  seed: number;
}

/**
 * Trains two towers by in-batch softmax (Yi et al. 2019, 'Sampling-Bias-Corrected Neural Modeling'): each purchase is told from the
 * customer's other entries against the other purchases of its batch, corrected by ln of the chance to be in a batch. Gradients by hand,
 * sparse Adagrad; the content's weights move every few steps. Same input, options and backend, same bytes.
 * @param score quality of the towers after a pass, higher is better: stops early and returns the best. Without it all passes are made.
 */
export async function train(
  input: TrainInput,
  options: TrainOptions,
  backend: Backend,
  score?: (towers: Towers, epoch: number) => number,
): Promise<Trained> {
  const model = learner(input, options, backend);
  const epochs: Epoch[] = [];
  let best = 0;
  let kept: Towers | null = null;
  for (let e = 1; e <= options.epochs; e++) {
    const { loss, examples } = await model.pass(e);
    const wants = score !== undefined || e === options.epochs;
    const towers = wants ? model.towers() : null;
    const found = score && towers ? score(towers, e) : null;
    epochs.push({ loss, examples, score: found });
    if (found === null || best === 0 || found > epochs[best - 1]!.score! * (1 + leastGain)) {
      best = e;
      kept = towers;
    } else if (e - best >= options.patience) break;
  }
  return { towers: kept ?? model.towers(), epochs, best };
}

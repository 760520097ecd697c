import { setImmediate } from 'node:timers/promises';
import { random } from '#stats/random.ts';
import { type SparseAdagrad, sparseAdagrad } from './adagrad.ts';
import { type Backend, transpose } from './backend.ts';
import { type Example, exampleSource } from './example.ts';
import { featureCount } from './features.ts';
import { softmaxLoss } from './softmax.ts';
import { type ContentWeights, contentGradient, contentVectors } from './tower.ts';
import type { Towers, TrainInput, TrainOptions } from './train.ts';

/** Of the rate of ids, what biases, the constant and a text model's projection move by: many examples push each of them. */
const sharedRate = 0.2;

/** Steps over which the content's gradient is gathered: handing it down costs as much as a walk over the catalogue. */
const gathered = { least: 8, most: 16, productsEach: 2048 };

/** Two towers while they learn. */
export interface Learner {
  /** One pass over its examples, numbered from 1: mean loss in nats, null without examples. */
  pass(epoch: number): Promise<{ loss: number | null; examples: number }>;
  /** As they stand. */
  towers(): Towers;
}

/** A batch on its way through the towers. */
interface Batch {
  examples: Example[];
  /** The distinct targets: column j of the softmax. */
  columns: Int32Array;
  /** The products of its histories. */
  seen: Int32Array;
  /** Customers' vectors, examples × dimensions. */
  customers: Float32Array;
}

export function learner(input: TrainInput, options: TrainOptions, { multiply }: Backend): Learner {
  const { content, seed } = input;
  const { dimensions: d, batch, rate } = options;
  const n = content.products;
  const source = exampleSource(input, options);
  const values = parameters(input, options, source.chance);
  const { weights, input: ids, output, bias, constant } = values;
  const move = {
    input: sparseAdagrad(ids, d, rate, options.decay),
    output: sparseAdagrad(output, d, rate, options.decay),
    bias: sparseAdagrad(bias, 1, rate * sharedRate),
    constant: sparseAdagrad(constant, d, rate * sharedRate),
    features: sparseAdagrad(weights.features, d, rate * options.contentRate),
    text: sparseAdagrad(weights.text, d, rate * sharedRate),
  };
  // Only its gradient is used: that of the content's vectors.
  const upward = sparseAdagrad(new Float32Array(n * d), d, 0);
  const every = Math.min(gathered.most, Math.max(gathered.least, Math.ceil(n / gathered.productsEach)));
  const correction = source.chance.map((p) => Math.log(-Math.expm1(batch * Math.log1p(-p))));
  const columnOf = new Int32Array(n).fill(-1);
  const isDropped = new Uint8Array(n);
  const combined = new Float32Array(n * d);
  const dropout = random(seed, 'recommender/dropout');
  let fromContent = contentVectors(content, weights, multiply);

  const handDown = () => {
    const into = { features: move.features.gradient, touch: move.features.touch, text: move.text.gradient };
    contentGradient(content, d, upward.touched(), upward.gradient, into, multiply);
    for (let i = 0; i < (content.text?.width ?? 0); i++) move.text.touch(i);
    move.features.step();
    move.text.step();
    upward.step();
    fromContent = contentVectors(content, weights, multiply);
  };

  const encode = (examples: Example[]): Batch => {
    const columns = Int32Array.from(new Set(examples.map(({ target }) => target)));
    columns.forEach((p, j) => {
      columnOf[p] = j;
      move.output.touch(p);
    });
    for (const { products } of examples) for (const p of products) move.input.touch(p);
    const seen = move.input.touched();
    for (const part of [columns, seen]) for (const p of part) isDropped[p] = dropout.uniform() < options.idDropout ? 1 : 0;
    for (const p of seen) {
      const keep = 1 - isDropped[p]!;
      for (let i = p * d; i < (p + 1) * d; i++) combined[i] = fromContent[i]! + keep * ids[i]!;
    }
    const customers = new Float32Array(examples.length * d);
    examples.forEach(({ products, weights: own, scale }, r) => {
      const row = r * d;
      for (let i = 0; i < d; i++) customers[row + i] = constant[i]!;
      for (let e = 0; e < products.length; e++) {
        const from = products[e]! * d;
        const w = own[e]! * scale;
        for (let i = 0; i < d; i++) customers[row + i]! += w * combined[from + i]!;
      }
    });
    return { examples, columns, seen, customers };
  };

  const moveOffered = ({ columns }: Batch, byVectors: Float32Array, byLogits: Float32Array) => {
    const c = columns.length;
    const byContent = upward.gradient;
    const byOutput = move.output.gradient;
    columns.forEach((p, j) => {
      const own = isDropped[p] === 1 ? n : p;
      move.bias.touch(own);
      for (let at = j; at < byLogits.length; at += c) move.bias.gradient[own]! += byLogits[at]!;
      upward.touch(p);
      const keep = 1 - isDropped[p]!;
      for (let i = 0; i < d; i++) {
        const value = byVectors[i * c + j]!;
        byContent[p * d + i]! += value;
        byOutput[p * d + i]! += keep * value;
      }
      columnOf[p] = -1;
    });
  };

  const moveHistories = ({ examples, seen }: Batch, byCustomers: Float32Array) => {
    const byContent = upward.gradient;
    const byInput = move.input.gradient;
    const byConstant = move.constant.gradient;
    move.constant.touch(0);
    examples.forEach(({ products, weights: own, scale }, r) => {
      const row = r * d;
      for (let i = 0; i < d; i++) byConstant[i]! += byCustomers[row + i]!;
      for (let e = 0; e < products.length; e++) {
        const to = products[e]! * d;
        const w = own[e]! * scale;
        for (let i = 0; i < d; i++) byInput[to + i]! += w * byCustomers[row + i]!;
      }
    });
    for (const p of seen) {
      upward.touch(p);
      const keep = 1 - isDropped[p]!;
      for (let i = p * d; i < (p + 1) * d; i++) {
        const value = byInput[i]!;
        byContent[i]! += value;
        byInput[i] = keep * value;
      }
    }
  };

  const step = (examples: Example[]): number => {
    const part = encode(examples);
    const { columns, customers } = part;
    const [m, c] = [examples.length, columns.length];
    const offered = new Float32Array(c * d);
    const shift = new Float64Array(c);
    columns.forEach((p, j) => {
      const keep = 1 - isDropped[p]!;
      for (let i = 0; i < d; i++) offered[j * d + i] = fromContent[p * d + i]! + keep * output[p * d + i]!;
      shift[j] = bias[keep === 1 ? p : n]! - correction[p]!;
    });
    const labels = {
      answer: Int32Array.from(examples, ({ target }) => columnOf[target]!),
      *masked(r: number) {
        for (const p of examples[r]!.masked) if (columnOf[p]! >= 0) yield columnOf[p]!;
      },
    };
    const { loss, gradient } = softmaxLoss(multiply(customers, transpose(offered, c, d), m, d, c), m, c, shift, labels);
    moveHistories(part, multiply(gradient, offered, m, c, d));
    moveOffered(part, multiply(transpose(customers, m, d), gradient, d, m, c), gradient);
    for (const one of [move.input, move.output, move.bias, move.constant] satisfies SparseAdagrad[]) one.step();
    return loss;
  };

  return {
    async pass(epoch) {
      let loss = 0;
      let examples = 0;
      let count = 0;
      for (const part of source.batches(epoch)) {
        loss += step(part);
        examples += part.length;
        if (++count % every === 0) handDown();
        if (count % gathered.least === 0) await setImmediate();
      }
      if (count % every !== 0) handDown();
      return { loss: examples === 0 ? null : loss / examples, examples };
    },
    towers() {
      const sum = (own: Float32Array, isKnown: Uint8Array) =>
        fromContent.map((value, i) => (isKnown[Math.floor(i / d)] === 1 ? value + own[i]! : value));
      return {
        dimensions: d,
        products: n,
        input: sum(ids, source.isInput),
        output: sum(output, source.isTarget),
        bias: Float32Array.from(source.isTarget, (isKnown, p) => bias[isKnown === 1 ? p : n]!),
        constant: constant.slice(),
        content: { dimensions: d, features: weights.features.slice(), text: weights.text.slice() },
      };
    },
  };
}

/** Where learning starts: small random vectors, and for each product the ln of its chance; the last bias is that of an unknown product. */
function parameters({ content, vocabulary, seed }: TrainInput, { dimensions: d }: TrainOptions, chance: Float64Array) {
  const n = content.products;
  const small = (size: number, label: string, scale: number) => {
    const r = random(seed, `recommender/${label}`);
    return Float32Array.from({ length: size }, () => scale * r.normal());
  };
  const weights: ContentWeights = {
    dimensions: d,
    features: small(featureCount(vocabulary) * d, 'features', 0.05),
    text: small((content.text?.width ?? 0) * d, 'text', 0.05),
  };
  const bias = new Float32Array(n + 1).fill(-Math.log(Math.max(1, n)));
  bias.set(chance.map(Math.log));
  return { weights, input: small(n * d, 'input', 0.02), output: small(n * d, 'output', 0.02), bias, constant: new Float32Array(d) };
}

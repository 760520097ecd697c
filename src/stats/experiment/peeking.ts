import { checkCount, type Estimate } from '../estimate.ts';
import { compareProportions, proportion } from '../proportion.ts';
import { random } from '../random.ts';
import { alwaysValid } from './always.ts';
import { lookLimits } from './sequential.ts';

export interface PeekingOptions {
  seed: number;
  /** Shares of buyers in arms a and b; the same for an A/A trial. */
  a: number;
  b: number;
  /** Customers an arm between looks, and looks. */
  perLook: number;
  looks: number;
  /** For the mixture test: the difference hoped for, in points. */
  hoped: number;
  alpha?: number;
  /** Trials simulated. */
  trials?: number;
}

/** Share of trials that a rule called different at some look, with its interval, and the mean share of the looks it took. */
export interface Called {
  called: Estimate;
  looks: number;
}

export interface Peeking {
  /** One test, at the end. */
  once: Called;
  /** The same test at each look, stopped at the first p below alpha: what must not be done. */
  naive: Called;
  /** O'Brien–Fleming's limits for this number of looks. */
  planned: Called;
  /** The mixture sequential probability ratio test. */
  always: Called;
}

/** Simulates trials that are looked at as they grow, and counts what each way of stopping calls. */
export function simulatePeeking(options: PeekingOptions): Peeking {
  const { seed, a, b, hoped, alpha = 0.05 } = options;
  const perLook = checkCount('perLook', options.perLook, 1);
  const looks = checkCount('looks', options.looks, 1);
  const trials = checkCount('trials', options.trials ?? 1000, 1);
  const source = random(seed, 'peeking');
  const { limits } = lookLimits(looks, "o'brien-fleming", alpha);
  const rules = { once: counter(), naive: counter(), planned: counter(), always: counter() };
  for (let trial = 0; trial < trials; trial++) {
    const grown: { a: { successes: number; n: number }; b: { successes: number; n: number } }[] = [];
    let [inA, inB] = [0, 0];
    for (let k = 1; k <= looks; k++) {
      inA += source.binomial(perLook, a);
      inB += source.binomial(perLook, b);
      grown.push({ a: { successes: inA, n: k * perLook }, b: { successes: inB, n: k * perLook } });
    }
    const tests = grown.map((look) => compareProportions(look.a, look.b)!);
    const first = (holds: (k: number) => boolean) => tests.findIndex((_, k) => holds(k));
    rules.once.add(tests.at(-1)!.p <= alpha ? looks - 1 : -1);
    rules.naive.add(first((k) => tests[k]!.p <= alpha));
    rules.planned.add(first((k) => Math.abs(tests[k]!.z) >= limits[k]!));
    rules.always.add(alwaysValid(grown, { hoped, alpha }).findIndex(({ p }) => p <= alpha));
  }
  const read = ({ state }: ReturnType<typeof counter>): Called => ({
    called: proportion(state.called, trials)!,
    looks: state.taken / trials / looks,
  });
  return { once: read(rules.once), naive: read(rules.naive), planned: read(rules.planned), always: read(rules.always) };

  function counter() {
    const state = { called: 0, taken: 0 };
    const add = (at: number) => {
      if (at >= 0) state.called++;
      state.taken += at >= 0 ? at + 1 : looks;
    };
    return { state, add };
  }
}

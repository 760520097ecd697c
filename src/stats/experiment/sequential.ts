import { gaussLegendre } from '../clv/gauss.ts';
import { normalCdf, normalQuantile } from '../distribution.ts';
import { checkCount } from '../estimate.ts';

/** Limits on |z| at each look, and the share of the final information that is in at it, ascending to 1. */
export interface Looks {
  limits: readonly number[];
  information: readonly number[];
}

const rules = new Map<number, ReturnType<typeof gaussLegendre>>();
const ruleOf = (size: number) => {
  const rule = rules.get(size) ?? gaussLegendre(size);
  rules.set(size, rule);
  return rule;
};

/**
 * Chance that |z| has crossed a limit by each look, by recursive integration of the score's density over the looks before (Armitage,
 * McPherson & Rowe 1969; Jennison & Turnbull 2000, 19.2).
 * @param drift expected z at the end; 0 where nothing differs.
 * @returns cumulative chances, one a look.
 * @throws RangeError unless limits are positive, as many as informations, which ascend from above 0 to at most 1.
 */
export function crossingChances({ limits, information }: Looks, drift = 0): number[] {
  if (limits.length !== information.length)
    throw new RangeError(`limits: expected ${information.length}, one a look, found ${limits.length}`);
  limits.forEach((limit, k) => {
    if (!(limit > 0)) throw new RangeError(`limits[${k}]: expected a positive number, found ${limit}`);
  });
  information.forEach((share, k) => {
    if (!(share > (information[k - 1] ?? 0) && share <= 1)) {
      throw new RangeError(`information[${k}]: expected more than ${information[k - 1] ?? 0} and at most 1, found ${share}`);
    }
  });
  // Score s = z √information, a Brownian motion with drift; nodes carry its density inside the limits so far.
  let [nodes, mass] = [Float64Array.of(0), Float64Array.of(1)];
  let [crossed, before] = [0, 0];
  return limits.map((limit, k) => {
    const gain = information[k]! - before;
    before = information[k]!;
    const sd = Math.sqrt(gain);
    const reach = limit * Math.sqrt(before);
    nodes.forEach((s, i) => {
      const mean = s + drift * gain;
      crossed += mass[i]! * (normalCdf((mean - reach) / sd) + normalCdf((-reach - mean) / sd));
    });
    const finite = Math.min(reach, Math.abs(drift) * before + 9 * Math.sqrt(before));
    const { nodes: x, weights } = ruleOf(Math.min(600, Math.max(48, 8 * Math.ceil(finite / sd))));
    const at = x.map((node) => node * finite);
    const scale = finite / (sd * Math.sqrt(2 * Math.PI));
    const next = at.map((s, j) => {
      let density = 0;
      for (let i = 0; i < nodes.length; i++) {
        const z = (s - nodes[i]! - drift * gain) / sd;
        density += mass[i]! * Math.exp((-z * z) / 2);
      }
      return density * weights[j]! * scale;
    });
    [nodes, mass] = [at, next];
    return Math.min(1, crossed);
  });
}

/** So many looks at equal distances. */
const equalLooks = (looks: number) => Array.from({ length: checkCount('looks', looks, 1) }, (_, k) => (k + 1) / looks);

/**
 * Limits on |z| for looks at equal distances: `naive`, the same limit as for one look, whose false calls add up; `pocock`, a constant one
 * that holds alpha over all looks (Pocock 1977); `o'brien-fleming`, strict early and nearly that of one look at the end (1979).
 */
export function lookLimits(looks: number, kind: 'naive' | 'pocock' | "o'brien-fleming", alpha = 0.05): Looks {
  const information = equalLooks(looks);
  if (!(alpha > 0 && alpha < 1)) throw new RangeError(`alpha: expected a number strictly between 0 and 1, found ${alpha}`);
  const limits = (constant: number) => information.map((share) => (kind === "o'brien-fleming" ? constant / Math.sqrt(share) : constant));
  const single = normalQuantile(1 - alpha / 2);
  if (kind === 'naive') return { limits: limits(single), information };
  let [low, high] = [single, single + 4];
  for (let i = 0; i < 44; i++) {
    const middle = (low + high) / 2;
    if (crossingChances({ limits: limits(middle), information }).at(-1)! > alpha) low = middle;
    else high = middle;
  }
  return { limits: limits((low + high) / 2), information };
}

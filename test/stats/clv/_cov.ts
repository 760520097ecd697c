import { bgNbd, fitBgNbd } from '../../../src/stats/clv/bg-nbd.ts';
import { fitGammaGamma } from '../../../src/stats/clv/gamma-gamma.ts';
import { totalInterval, customerIntervals } from '../../../src/stats/clv/interval.ts';
import { weeks, perWeek } from '../../../src/stats/clv/unit.ts';
import { score, discountedScores, customerValue } from '../../../src/stats/clv/value.ts';
import { compress } from '../../../src/stats/clv/compress.ts';
import { random } from '../../../src/stats/random.ts';
import { simulate } from './simulate.ts';
const truth = { r: 0.6, alpha: 8, a: 0.8, b: 3 };
const money = { p: 6.25, q: 3.74, v: 15.44 };
function shop(n: number, seed: number) {
  const stream = random(seed, 'shop');
  const data = simulate(truth, n, stream, { holdout: 39 });
  const spent = new Float64Array(n);
  const m = Float64Array.from(data.x, (x, i) => {
    const nu = stream.gamma(money.q) / money.v;
    const seen = x > 0 ? stream.gamma(money.p * x) / nu / x : 0;
    if (data.later[i]! > 0) spent[i] = stream.gamma(money.p * data.later[i]!) / nu;
    return seen;
  });
  return { customers: { x: data.x, tx: data.tx, T: data.T, m }, later: data.later, spent };
}
const sum = (l: Float64Array) => l.reduce((a, b) => a + b, 0);
let pu = 0, va = 0, deg = 0; const R = 700;
for (let k = 0; k < R; k++) {
  const { customers, later, spent } = shop(300, 50000 + k);
  const fitted = fitBgNbd(customers); const spend = fitGammaGamma(customers);
  if (fitted.degenerate.length) deg++;
  const t = totalInterval({ model: { law: bgNbd, parameters: fitted.parameters, unit: 'week' }, fitted, spend, horizon: weeks(39), draws: 200, seed: k }, customers);
  if (sum(later) >= t.purchases.low && sum(later) <= t.purchases.high) pu++;
  if (sum(spent) >= t.value!.low && sum(spent) <= t.value!.high) va++;
}
console.log('coverage of totals', pu / R, va / R, 'degenerate', deg);
const { customers } = shop(100000, 1);
const fitted = fitBgNbd(customers); let t = performance.now(); const spend = fitGammaGamma(customers); console.log('gg fit 100k', performance.now() - t, spend.parameters, spend.degenerate);
const model = { law: bgNbd, parameters: fitted.parameters, unit: 'week' } as const;
const rows = compress(customers);
for (let k = 0; k < 3; k++) { t = performance.now(); score(model, rows, weeks(39)); console.log('score 100k', performance.now() - t); }
t = performance.now(); customerValue(model, spend, customers, weeks(52), perWeek(.0027)); console.log('value 100k', performance.now() - t);
t = performance.now(); console.log(totalInterval({ model, fitted, spend, horizon: weeks(52), discount: perWeek(.0027), seed: 1 }, customers)); console.log('total 100k', performance.now() - t);
const c1 = { x: customers.x.subarray(0, 1000), tx: customers.tx.subarray(0, 1000), T: customers.T.subarray(0, 1000), m: customers.m.subarray(0, 1000) };
t = performance.now(); customerIntervals({ model, fitted, spend, horizon: weeks(52), discount: perWeek(.0027), seed: 1 }, c1); console.log('intervals 1000', performance.now() - t);

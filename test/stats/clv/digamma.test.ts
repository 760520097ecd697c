import { expect, test } from 'vitest';
import { digamma, trigamma } from '#stats/clv/digamma.ts';

test('ψ and ψ′ against mpmath at 40 digits', () => {
  const cases: [number, number, number][] = [
    [1e-8, -100000000.57721564, 1.0000000000000002e16],
    [0.01, -100.56088545786868, 10001.621213528313],
    [0.5, -1.9635100260214235, 4.934802200544679],
    [1, -0.5772156649015329, 1.6449340668482264],
    [1.4616321449683622, -9.241265521729427e-17, 0.9676722454476212],
    [3.7, 1.1671535393615113, 0.3100378576700383],
    [9.999, 2.2516474172057355, 0.10517738667672887],
    [10, 2.251752589066721, 0.10516633568168575],
    [123.4, 4.8113737751162775, 0.008136651610865263],
    [10000000.0, 16.11809560095832, 1.0000000500000017e-7],
  ];
  for (const [x, first, second] of cases) {
    expect(Math.abs(digamma(x) - first)).toBeLessThan(4e-15 * Math.max(1, Math.abs(first)));
    expect(Math.abs(trigamma(x) / second - 1)).toBeLessThan(4e-15);
  }
});

test('refuses what is not positive', () => {
  expect(() => digamma(0)).toThrow(/digamma: expected a positive number/);
  expect(() => trigamma(Number.NaN)).toThrow(/trigamma: expected a positive number/);
});

import { expect, test } from 'vitest';
import { logRising, risingCurvature, risingSlope } from '#stats/clv/rising.ts';

test('ln Γ(r+x)/Γ(r) and its derivatives in r against mpmath at 40 digits', () => {
  const cases: [number, number, number, number, number][] = [
    [0.553, 0, 0.0, 0.0, 0.0],
    [0.553, 1, -0.5923972774598022, 1.8083182640144664, -3.2700149439682935],
    [1e-6, 3, -13.122361877404954, 1000001.49999875, -1000000000001.2501],
    [0.25, 63, 196.612452777965, 8.366622692760542, -17.181393236766944],
    [0.25, 64, 200.75954790557262, 8.382432969440384, -17.181643201615636],
    [2.5, 1000, 5922.207002287334, 6.2065966825000585, -0.4893597521910542],
    [1000000.0, 5, 69.07756278980636, 4.99999000003e-6, -4.99998000009e-12],
    [1000000.0, 200, 2763.122010269637, 0.00019998010264630405, -1.9996020793851628e-10],
    [1e150, 3, 1036.1632918473206, 3e-150, -3e-300],
  ];
  for (const [a, x, log, slope, bend] of cases) {
    const size = x < 64 ? 1 : Math.max(1, a * Math.log(a + x));
    expect(Math.abs(logRising(a, x) - log), `${a} ${x}`).toBeLessThan(1e-14 * size * Math.max(1, Math.abs(log)));
    expect(Math.abs(risingSlope(a, x) - slope)).toBeLessThan(1e-13 * Math.max(1, Math.abs(slope)));
    expect(Math.abs(risingCurvature(a, x) - bend)).toBeLessThan(1e-13 * Math.max(1, Math.abs(bend)));
  }
});

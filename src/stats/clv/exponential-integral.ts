const euler = 0.5772156649015329;

/** ζ(k) − 1, k ≥ 2, by Euler and Maclaurin. */
function zetaLessOne(k: number): number {
  const n = 200;
  let sum = n ** (1 - k) / (k - 1) - 0.5 * n ** -k + (k * n ** (-k - 1)) / 12 - (k * (k + 1) * (k + 2) * n ** (-k - 3)) / 720;
  for (let i = n; i >= 2; i--) sum += i ** -k;
  return sum;
}

const coefficients = Array.from({ length: 30 }, (_, i) => ((i % 2 ? -1 : 1) * zetaLessOne(i + 2)) / (i + 2));

/** ln Γ(1 + e) for |e| ≤ ½, to 16 digits of itself (DLMF 5.7.3). */
function logGammaOnePlus(e: number): number {
  let sum = 0;
  for (let i = coefficients.length - 1; i >= 0; i--) sum = coefficients[i]! + e * sum;
  return -Math.log1p(e) + e * (1 - euler) + e * e * sum;
}

/**
 * e^z E_s(z) = U(1, 2−s, z) = z^(s−1) U(s, s, z), with U the confluent hypergeometric function of the second kind (DLMF 8.19.1, 13.6.6,
 * 13.2.40), for s ≥ 0 and z > 0. No branch overflows. Continued fraction for z ≥ 1 or s ≥ 50 (DLMF 8.19.17), else the series about
 * z = 0 (8.19.10) written so that whole s are no special case, and the recurrence upward in s (8.19.12).
 * @throws RangeError unless s ≥ 0 and z > 0.
 */
export function scaledExponentialIntegral(s: number, z: number): number {
  if (!(s >= 0 && z > 0 && Number.isFinite(s))) {
    throw new RangeError(`scaledExponentialIntegral: expected s of at least 0 and z > 0, found ${s} and ${z}`);
  }
  if (z === Number.POSITIVE_INFINITY) return 0;
  if (z >= 1 || s >= 50) return fraction(s, z);
  const steps = Math.max(0, Math.ceil(s - 1.5));
  const base = s - steps;
  const e = 1 - base;
  const logZ = Math.log(z);
  const lead = e === 0 ? -euler - logZ : Math.expm1(logGammaSafe(e) - e * logZ) / e;
  let term = 1;
  let tail = 0;
  for (let k = 1; k < 40; k++) {
    term *= -z / k;
    tail += term / (e + k);
    if (Math.abs(term) < 1e-18) break;
  }
  let value = Math.exp(z) * (lead - tail);
  for (let i = 0; i < steps; i++) value = (1 - z * value) / (base + i);
  return value;
}

/** ln Γ(1 + e) for −½ ≤ e ≤ 1. */
function logGammaSafe(e: number): number {
  return e <= 0.5 ? logGammaOnePlus(e) : Math.log(e) + logGammaOnePlus(e - 1);
}

function fraction(s: number, z: number): number {
  let b = z + s;
  let c = 1e300;
  let d = 1 / b;
  let h = d;
  for (let k = 1; k < 100_000; k++) {
    const a = -k * (s - 1 + k);
    b += 2;
    d = 1 / (a * d + b || 1e-300);
    c = b + a / c || 1e-300;
    const step = c * d;
    h *= step;
    if (Math.abs(step - 1) < 1e-16) break;
  }
  return h;
}

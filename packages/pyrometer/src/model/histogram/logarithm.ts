/**
 * Logarithm and power of two in the steps of Go's math package, for the last bit: a quantile of
 * ours and one of Prometheus' are the same number. (fdlibm's algorithms, as both languages use.)
 * Source: Go, src/math/log10.go, log.go and exp.go
 */

const scratch = new Float64Array(1);
const words = new Uint32Array(scratch.buffer);
const TWO_52 = 2 ** 52;

/** @param value 0 or more */
export function log2(value: number): number {
  if (!(value > 0) || value === Infinity) return Math.log2(value);
  // value = fraction · 2^exponent with the fraction in [0.5, 1).
  const isSubnormal = value < 2.2250738585072014e-308;
  scratch[0] = isSubnormal ? value * TWO_52 : value;
  const exponent = ((words[1]! >>> 20) & 0x7ff) - 1022 - (isSubnormal ? 52 : 0);
  words[1] = ((words[1]! & 0x800fffff) | (1022 << 20)) >>> 0;
  const fraction = scratch[0];
  if (fraction === 0.5) return exponent - 1;
  return naturalLog(fraction) * (1 / Math.LN2) + exponent;
}

// ln 2 in two parts, of which the first has trailing zeros: whole multiples of it are exact.
const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;

/** (ln(1+f) - ln(1-f)) / f - 2 by even powers of f (fdlibm's minimax polynomial). */
const SERIES = [
  0.6666666666666735, 0.3999999999940942, 0.2857142874366239, 0.22222198432149784,
  0.1818357216161805, 0.15313837699209373, 0.14798198605116586,
] as const;

/** @param fraction in [0.5, 1) */
function naturalLog(fraction: number): number {
  const k = fraction < Math.SQRT1_2 ? -1 : 0;
  const f = (k === 0 ? fraction : fraction * 2) - 1;
  const s = f / (2 + f);
  const s2 = s * s;
  const s4 = s2 * s2;
  const [l1, l2, l3, l4, l5, l6, l7] = SERIES;
  const odd = s2 * (l1 + s4 * (l3 + s4 * (l5 + s4 * l7)));
  const even = s4 * (l2 + s4 * (l4 + s4 * l6));
  const half = 0.5 * f * f;
  return k * LN2_HIGH - (half - (s * (half + (odd + even)) + k * LN2_LOW) - f);
}

/** The remainder of e^r after its first terms, by powers of r² (fdlibm's minimax polynomial). */
const REMAINDER = [
  0.16666666666666666, -0.0027777777777015593, 6.613756321437934e-5, -1.6533902205465252e-6,
  4.1381367970572385e-8,
] as const;

export function exp2(power: number): number {
  if (Number.isNaN(power) || power >= 1024 || power < -1074) return 2 ** power;
  const whole = Math.trunc(power > 0 ? power + 0.5 : power < 0 ? power - 0.5 : 0);
  const rest = power - whole;
  const high = rest * LN2_HIGH;
  const low = -rest * LN2_LOW;
  const r = high - low;
  const square = r * r;
  const [p1, p2, p3, p4, p5] = REMAINDER;
  const c = r - square * (p1 + square * (p2 + square * (p3 + square * (p4 + square * p5))));
  const scale = 1 - (low - (r * c) / (2 - c) - high);
  // In two steps: 2^whole alone may be out of range where the product is not.
  return whole > 1000 ? scale * 2 ** 1000 * 2 ** (whole - 1000) : scale * 2 ** whole;
}

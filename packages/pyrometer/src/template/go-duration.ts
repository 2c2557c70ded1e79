/** Go's time.Duration: int64 nanoseconds. */
const NANOS_PER_SECOND = 1_000_000_000n;

export class GoDuration {
  readonly nanos: bigint;

  constructor(nanos: bigint) {
    this.nanos = nanos;
  }

  static fromSeconds(seconds: number): GoDuration {
    return new GoDuration(secondsToNanos(seconds));
  }

  get seconds(): number {
    return Number(this.nanos) / 1e9;
  }

  /** As Go prints it: `1h0m30s`, `1.5s`, `100ms`, `2µs`. */
  toString(): string {
    const isNegative = this.nanos < 0n;
    const nanos = isNegative ? -this.nanos : this.nanos;
    const sign = isNegative ? "-" : "";
    if (nanos === 0n) return "0s";
    if (nanos < 1_000n) return `${sign}${nanos}ns`;
    if (nanos < 1_000_000n) return `${sign}${fraction(nanos, 3)}µs`;
    if (nanos < NANOS_PER_SECOND) return `${sign}${fraction(nanos, 6)}ms`;
    const minutes = nanos / (60n * NANOS_PER_SECOND);
    const seconds = `${fraction(nanos % (60n * NANOS_PER_SECOND), 9)}s`;
    if (minutes === 0n) return `${sign}${seconds}`;
    const hours = minutes / 60n;
    return `${sign}${hours > 0n ? `${hours}h` : ""}${minutes % 60n}m${seconds}`;
  }
}

/** The nearest whole nanosecond, by way of text so that 1435065584.128 stays exact. */
export function secondsToNanos(seconds: number): bigint {
  const whole = Math.floor(seconds);
  return BigInt(whole) * NANOS_PER_SECOND + BigInt(Math.round((seconds - whole) * 1e9));
}

/** `nanos` / 10^digits without trailing zeros. */
function fraction(nanos: bigint, digits: number): string {
  const unit = 10n ** BigInt(digits);
  const rest = (nanos % unit).toString().padStart(digits, "0").replace(/0+$/, "");
  return `${nanos / unit}${rest === "" ? "" : `.${rest}`}`;
}

/** Numbers for people. Source: Prometheus template/template.go and common/helpers/templates. */
import { FunctionError } from "../errors.ts";
import { printValue } from "../format.ts";
import { secondsToNanos } from "../go-duration.ts";
import { GoTime } from "../go-time.ts";
import { fourDigits } from "./takes.ts";

const LARGE = ["k", "M", "G", "T", "P", "E", "Z", "Y"];
const SMALL = ["m", "u", "n", "p", "f", "a", "z", "y"];
const BINARY = ["ki", "Mi", "Gi", "Ti", "Pi", "Ei", "Zi", "Yi"];

const INT64_MAX = 2 ** 63;

/** Metric prefixes: 1234567 is "1.235M", 0.12 is "120m". */
export function humanize(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return fourDigits(value);
  return Math.abs(value) >= 1 ? shrink(value, 1000, LARGE) : grow(value);
}

/** Binary prefixes: 1048576 is "1Mi". */
export function humanize1024(value: number): string {
  if (Math.abs(value) <= 1 || !Number.isFinite(value)) return fourDigits(value);
  return shrink(value, 1024, BINARY);
}

/** Seconds: 90000 is "1d 1h 0m 0s", 0.12345 is "123.5ms". */
export function humanizeDuration(seconds: number): string {
  if (!Number.isFinite(seconds)) return fourDigits(seconds);
  if (seconds === 0) return "0s";
  if (Math.abs(seconds) < 1) return `${grow(seconds)}s`;
  const sign = seconds < 0 ? "-" : "";
  const size = Math.abs(seconds);
  const whole = Math.trunc(size);
  const s = whole % 60;
  const m = Math.floor(whole / 60) % 60;
  const h = Math.floor(whole / 3600) % 24;
  const d = Math.floor(whole / 86_400);
  if (d !== 0) return `${sign}${d}d ${h}h ${m}m ${s}s`;
  if (h !== 0) return `${sign}${h}h ${m}m ${s}s`;
  if (m !== 0) return `${sign}${m}m ${s}s`;
  return `${sign}${fourDigits(size)}s`;
}

/** A ratio: 0.1234567 is "12.35%". */
export function humanizePercentage(ratio: number): string {
  return `${fourDigits(ratio * 100)}%`;
}

/** Unix seconds: "2015-06-23 13:19:44.128 +0000 UTC". */
export function humanizeTimestamp(seconds: number): string {
  if (!Number.isFinite(seconds)) return fourDigits(seconds);
  return toTime(seconds).toString();
}

/** Unix seconds to a time, with Prometheus' millisecond precision. */
export function toTime(seconds: number): GoTime {
  if (!Number.isFinite(seconds)) throw new FunctionError("value is NaN or Inf");
  if (Math.abs(seconds * 1e9) >= INT64_MAX) {
    const shown = printValue(seconds);
    const problem = "cannot be represented as a nanoseconds timestamp since it overflows int64";
    throw new FunctionError(`${shown} ${problem}`);
  }
  return GoTime.fromMs(Number(secondsToNanos(seconds) / 1_000_000n));
}

function shrink(value: number, base: number, prefixes: readonly string[]): string {
  let prefix = "";
  for (const next of prefixes) {
    if (Math.abs(value) < base) break;
    prefix = next;
    value /= base;
  }
  return fourDigits(value) + prefix;
}

function grow(value: number): string {
  let prefix = "";
  for (const next of SMALL) {
    if (Math.abs(value) >= 1) break;
    prefix = next;
    value *= 1000;
  }
  return fourDigits(value) + prefix;
}

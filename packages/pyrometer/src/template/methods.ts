/** What Go's time.Time and time.Duration offer to templates as methods. */
import { ArgumentError } from "./errors.ts";
import { GoDuration } from "./go-duration.ts";
import { GoTime, MONTHS, WEEKDAYS } from "./go-time.ts";
import type { TemplateValue } from "./value.ts";

type Method<T> = (of: T, ...args: readonly TemplateValue[]) => TemplateValue;

const TIME_METHODS: Readonly<Record<string, Method<GoTime>>> = {
  Add: (time, by) => new GoTime(time.nanos + duration(by).nanos, time.zone),
  After: (time, other) => time.nanos > instant(other).nanos,
  Before: (time, other) => time.nanos < instant(other).nanos,
  Day: (time) => BigInt(time.fields().day),
  Equal: (time, other) => time.nanos === instant(other).nanos,
  Format: (time, layout) => time.format(text(layout)),
  Hour: (time) => BigInt(time.fields().hour),
  IsZero: (time) => time.isZero,
  Local: (time) => time,
  Minute: (time) => BigInt(time.fields().minute),
  Month: (time) => MONTHS[time.fields().month - 1]!,
  Nanosecond: (time) => BigInt(time.fields().nanos),
  Second: (time) => BigInt(time.fields().second),
  String: (time) => time.toString(),
  Sub: (time, other) => new GoDuration(time.nanos - instant(other).nanos),
  UTC: (time) => new GoTime(time.nanos),
  Unix: (time) => time.seconds,
  UnixMilli: (time) => BigInt(time.ms),
  UnixNano: (time) => time.nanos,
  Weekday: (time) => WEEKDAYS[time.fields().weekday]!,
  Year: (time) => BigInt(time.fields().year),
};

const DURATION_METHODS: Readonly<Record<string, Method<GoDuration>>> = {
  Abs: ({ nanos }) => new GoDuration(nanos < 0n ? -nanos : nanos),
  Hours: ({ seconds }) => seconds / 3600,
  Microseconds: ({ nanos }) => nanos / 1_000n,
  Milliseconds: ({ nanos }) => nanos / 1_000_000n,
  Minutes: ({ seconds }) => seconds / 60,
  Nanoseconds: ({ nanos }) => nanos,
  Round: ({ nanos }, unit) => roundTo(nanos, duration(unit).nanos),
  Seconds: ({ seconds }) => seconds,
  String: (value) => value.toString(),
  Truncate: ({ nanos }, unit) => {
    const { nanos: step } = duration(unit);
    return new GoDuration(step <= 0n ? nanos : nanos - (nanos % step));
  },
};

/** The method bound to its value; undefined when the type has none of this name. */
export function methodOf(
  value: GoTime | GoDuration,
  name: string,
): ((...args: readonly TemplateValue[]) => TemplateValue) | undefined {
  if (value instanceof GoTime) {
    const method = Object.hasOwn(TIME_METHODS, name) ? TIME_METHODS[name] : undefined;
    return method && ((...args) => method(value, ...args));
  }
  const method = Object.hasOwn(DURATION_METHODS, name) ? DURATION_METHODS[name] : undefined;
  return method && ((...args) => method(value, ...args));
}

function roundTo(nanos: bigint, step: bigint): GoDuration {
  if (step <= 0n) return new GoDuration(nanos);
  const size = nanos < 0n ? -nanos : nanos;
  const rounded = ((size + step / 2n) / step) * step;
  return new GoDuration(nanos < 0n ? -rounded : rounded);
}

function duration(value: TemplateValue | undefined): GoDuration {
  if (value instanceof GoDuration) return value;
  if (typeof value === "bigint") return new GoDuration(value);
  throw new ArgumentError("wrong type for value; expected time.Duration");
}

function instant(value: TemplateValue | undefined): GoTime {
  if (value instanceof GoTime) return value;
  throw new ArgumentError("wrong type for value; expected time.Time");
}

function text(value: TemplateValue | undefined): string {
  if (typeof value === "string") return value;
  throw new ArgumentError("wrong type for value; expected string");
}

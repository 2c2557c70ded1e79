/**
 * Times and steps of a dashboard: "now-1h" to milliseconds, a range to a step, and the variables
 * that queries are written with ($__interval and kin).
 * Source: grafana.com/docs, "Global variables"
 */
const MS_BY_UNIT: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 7 * 86_400_000,
  M: 30 * 86_400_000,
  y: 365 * 86_400_000,
};

/** A duration of one or more parts ("90s", "1h30m"), a ">" before it ignored; undefined if none. */
export function durationTextMs(text: string): number | undefined {
  const bare = text.trim().replace(/^>=?/, "");
  if (!/^(\d+(ms|[smhdwMy]))+$/.test(bare)) return undefined;
  let sumMs = 0;
  for (const [, digits, unit] of bare.matchAll(/(\d+)(ms|[smhdwMy])/g)) {
    sumMs += Number(digits) * MS_BY_UNIT[unit!]!;
  }
  return Number.isSafeInteger(sumMs) ? sumMs : undefined;
}

/** "now", "now-6h", "now-1d/d", Unix milliseconds, or an ISO time; undefined for anything else. */
export function resolveTimeMs(text: string, nowMs: number): number | undefined {
  if (/^\d{10,}$/.test(text)) return Number(text);
  const match = /^now(?:([-+])((?:\d+(?:ms|[smhdwMy]))+))?(?:\/([smhdwMy]))?$/.exec(text);
  if (match === null) {
    const parsedMs = Date.parse(text);
    return Number.isNaN(parsedMs) ? undefined : parsedMs;
  }
  const [, sign, amount, floorUnit] = match;
  const shiftMs = amount === undefined ? 0 : (durationTextMs(amount) ?? 0);
  const timeMs = sign === "-" ? nowMs - shiftMs : nowMs + shiftMs;
  if (floorUnit === undefined) return timeMs;
  const unitMs = MS_BY_UNIT[floorUnit]!;
  return Math.floor(timeMs / unitMs) * unitMs;
}

/** Steps people read easily. */
const NICE_STEPS_MS = [
  1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 15_000, 20_000, 30_000, 60_000,
  120_000, 300_000, 600_000, 900_000, 1_200_000, 1_800_000, 3_600_000, 7_200_000, 10_800_000,
  21_600_000, 43_200_000, 86_400_000,
];

/** The least nice step not below `stepMs`; whole days above a day. */
export function niceStepMs(stepMs: number): number {
  const nice = NICE_STEPS_MS.find((candidateMs) => candidateMs >= stepMs);
  return nice ?? Math.ceil(stepMs / MS_BY_UNIT.d!) * MS_BY_UNIT.d!;
}

export interface StepOptions {
  readonly rangeMs: number;
  /** How many points the drawing has room for. */
  readonly pointsMax: number;
  /** The least step: what is scraped every 15 s has nothing to say every 5 s. */
  readonly stepMinMs: number;
}

export function stepMsOf({ rangeMs, pointsMax, stepMinMs }: StepOptions): number {
  return Math.max(niceStepMs(rangeMs / pointsMax), stepMinMs, 1000);
}

/** As Prometheus reads it: the largest unit that divides. */
export function printInterval(durationMs: number): string {
  for (const unit of ["d", "h", "m", "s"]) {
    const unitMs = MS_BY_UNIT[unit]!;
    if (durationMs >= unitMs && durationMs % unitMs === 0) return `${durationMs / unitMs}${unit}`;
  }
  return `${Math.max(1, Math.round(durationMs))}ms`;
}

export interface QueryTimes {
  readonly stepMs: number;
  readonly rangeMs: number;
  readonly scrapeIntervalMs: number;
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * What the built-in variables stand for in one query. $__rate_interval always spans four scrapes,
 * so that rate() has its two samples even when one scrape is lost.
 */
export function builtInVariables(times: QueryTimes): Readonly<Record<string, string>> {
  const { stepMs, rangeMs, scrapeIntervalMs } = times;
  const rateMs = Math.max(stepMs + scrapeIntervalMs, 4 * scrapeIntervalMs);
  return {
    __interval: printInterval(stepMs),
    __interval_ms: String(stepMs),
    __rate_interval: printInterval(rateMs),
    __rate_interval_ms: String(rateMs),
    __range: printInterval(Math.max(1000, Math.round(rangeMs / 1000) * 1000)),
    __range_s: String(Math.round(rangeMs / 1000)),
    __range_ms: String(Math.round(rangeMs)),
    __from: String(times.fromMs),
    __to: String(times.toMs),
  };
}

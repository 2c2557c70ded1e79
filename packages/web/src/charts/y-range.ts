/** Where a value axis begins and ends. */
import type { FieldOptions } from "../model.ts";

export interface YLimits extends Pick<FieldOptions, "min" | "max"> {
  readonly isLog: boolean;
}

/** The file's limits win; else the data, padded, with zero in sight when it is near. */
export function yRange(
  { min: ownMin, max: ownMax, isLog }: YLimits,
  low: number | null,
  high: number | null,
): [number, number] {
  if (low === null || high === null) return [ownMin ?? 0, ownMax ?? (ownMin ?? 0) + 1];
  if (isLog) return logRange(ownMin, ownMax, { low, high });
  // A flat line is drawn in the middle of some room of its own.
  const spread = high - low || Math.abs(high) * 0.2 || 1;
  const padded = { low: low - spread * 0.1, high: high + spread * 0.1 };
  const isNearZero = low >= 0 && low < spread * 1.5;
  const min = ownMin ?? (isNearZero ? 0 : padded.low);
  const max = ownMax ?? (high <= 0 && -high < spread * 1.5 ? 0 : padded.high);
  return max > min ? [min, max] : [min, min + 1];
}

/** A logarithm has no zero: what is not above it falls off the lower end. */
function logRange(
  ownMin: number | undefined,
  ownMax: number | undefined,
  { low, high }: { readonly low: number; readonly high: number },
): [number, number] {
  const max = Math.max(ownMax ?? high * 1.2, 1e-9);
  const min = ownMin !== undefined && ownMin > 0 ? ownMin : low > 0 ? low / 1.2 : max / 1e4;
  return min < max ? [min, max] : [min, min * 10];
}

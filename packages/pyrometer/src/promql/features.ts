/** The names of --enable-feature that change PromQL, and what each switches on. */
import type { LanguageFeatures } from "./parser/features.ts";

export interface QueryFeatures {
  readonly language: LanguageFeatures;
  /** promql-delayed-name-removal: names go when the query ends, not at each operation. */
  readonly isNameRemovalDelayed: boolean;
  /** use-start-timestamps: `rate` and its kin see resets by samples' start times. */
  readonly usesStartTimes: boolean;
  /** promql-per-step-stats: `stats=all` counts samples for each step too. */
  readonly perStepStats: boolean;
}

const NAMES = [
  "promql-experimental-functions",
  "promql-duration-expr",
  "promql-extended-range-selectors",
  "promql-binop-fill-modifiers",
  "promql-delayed-name-removal",
  "promql-per-step-stats",
  "use-start-timestamps",
] as const;

type FeatureName = (typeof NAMES)[number];

/** @param names as given to --enable-feature; those of other rooms and unknown ones are not ours */
export function queryFeatures(names: readonly string[]): QueryFeatures {
  const has = (name: FeatureName) => names.includes(name);
  return {
    language: {
      experimentalFunctions: has("promql-experimental-functions"),
      durationExpressions: has("promql-duration-expr"),
      extendedRanges: has("promql-extended-range-selectors"),
      fillModifiers: has("promql-binop-fill-modifiers"),
    },
    isNameRemovalDelayed: has("promql-delayed-name-removal"),
    usesStartTimes: has("use-start-timestamps"),
    perStepStats: has("promql-per-step-stats"),
  };
}

export function isQueryFeature(name: string): boolean {
  return (NAMES as readonly string[]).includes(name);
}

/** PromQL: parsing, printing, evaluating, and scripts that test an engine. */
export type { EngineDeps, EngineLimits } from "./engine/engine.ts";
export { createEngine } from "./engine/engine.ts";
export type { QueryFeatures } from "./features.ts";
export { isQueryFeature, queryFeatures } from "./features.ts";
export { signatureOf } from "./functions/signatures.ts";
export {
  LOOKBACK_MS,
  POINTS_PER_SERIES_MAX,
  QUERY_TIMEOUT_MS,
  SAMPLES_PER_QUERY_MAX,
} from "./limits.ts";
export type * from "./parser/ast.ts";
export { isSetOperator } from "./parser/ast.ts";
export { typeOf } from "./parser/check.ts";
export type { LanguageFeatures } from "./parser/features.ts";
export type { ParsedQuery } from "./parser/parse.ts";
export { parseQuery, parseSelector } from "./parser/parse.ts";
export { printExpr } from "./parser/print.ts";
export type { ScriptDeps, ScriptReport } from "./testscript/run.ts";
export { runPromqlScript } from "./testscript/run.ts";
export { addSequenceValue } from "./testscript/script-store.ts";
export type { SequenceValue, SeriesLine } from "./testscript/series-notation.ts";
export { parseSeriesLine } from "./testscript/series-notation.ts";

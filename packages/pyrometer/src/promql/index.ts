/** PromQL: parsing, printing, evaluating, and scripts that test an engine. */
export type { EngineDeps, EngineLimits } from "./engine/engine.ts";
export { createEngine } from "./engine/engine.ts";
export {
  LOOKBACK_MS,
  POINTS_PER_SERIES_MAX,
  QUERY_TIMEOUT_MS,
  SAMPLES_PER_QUERY_MAX,
} from "./limits.ts";
export type * from "./parser/ast.ts";
export { typeOf } from "./parser/check.ts";
export type { ParsedQuery } from "./parser/parse.ts";
export { parseQuery, parseSelector } from "./parser/parse.ts";
export { printExpr } from "./parser/print.ts";
export type { ScriptDeps, ScriptReport } from "./testscript/run.ts";
export { runPromqlScript } from "./testscript/run.ts";

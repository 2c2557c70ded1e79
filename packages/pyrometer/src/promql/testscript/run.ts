/** Runs a PromQL test script against an engine, one verdict per `eval`. */
import type { Source } from "../../std/index.ts";
import { SourceError } from "../../std/index.ts";
import type { QueryBackend, QueryValue, Reader } from "../../storage/index.ts";
import { QueryError } from "../../storage/index.ts";
import { createEngine } from "../engine/engine.ts";
import { compareAnnotations, compareFailure, compareValue } from "./compare.ts";
import { pinnedQuery } from "./pinned.ts";
import type { EvalCommand } from "./script.ts";
import { lineSpan, parseScript } from "./script.ts";
import { ScriptStore } from "./script-store.ts";

export interface ScriptDeps {
  /** The engine under test; ours, with all that scripts expect switched on, unless given. */
  readonly createBackend?: (reader: Reader) => QueryBackend;
}

export interface ScriptReport {
  readonly passed: number;
  readonly failed: number;
  /** One per failed eval and per line that cannot be read, at its line. */
  readonly failures: readonly SourceError[];
}

/** Around an instant query's time: what it gives must also be the middle of a range. */
const RANGE_CHECK_STEP_MS = 60_000;

export async function runPromqlScript(
  source: Source,
  { createBackend = createScriptEngine }: ScriptDeps = {},
): Promise<ScriptReport> {
  const { commands, errors } = parseScript(source);
  const failures: SourceError[] = [...errors];
  const store = new ScriptStore();
  let passed = 0;
  for (const command of commands) {
    switch (command.kind) {
      case "load":
        store.load(command);
        break;
      case "clear":
        store.clear();
        break;
      case "eval": {
        const problem = await check(command, createBackend(await store.reader()));
        if (problem === undefined) passed += 1;
        else failures.push(failure(source, command, problem));
      }
    }
  }
  return { passed, failed: failures.length, failures };
}

/** Prometheus runs its scripts with name removal delayed and start timestamps in use. */
function createScriptEngine(reader: Reader): QueryBackend {
  return createEngine({ reader, isNameRemovalDelayed: true, usesStartTimes: true });
}

function failure(source: Source, { query, line }: EvalCommand, problem: string): SourceError {
  const span = lineSpan(source, line);
  return new SourceError("promql/expectation", `${query}: ${problem}`, { source, span });
}

async function check(command: EvalCommand, backend: QueryBackend): Promise<string | undefined> {
  const { query: expr, time, expectations } = command;
  try {
    const { value, annotations } =
      time.kind === "instant"
        ? await backend.instant({ expr, timeMs: time.timeMs })
        : await backend.range({ expr, ...time });
    if (expectations.some(({ kind }) => kind === "fail")) return "expected to fail, did not";
    return (
      compareAnnotations(command, annotations) ??
      compareValue(command, value) ??
      (await checkAsRange(command, backend, value)) ??
      (await checkPinned(command, backend))
    );
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    return compareFailure(command, error.message);
  }
}

/** The same query as the middle step of a range must give the same. */
async function checkAsRange(
  command: EvalCommand,
  backend: QueryBackend,
  { kind }: QueryValue,
): Promise<string | undefined> {
  const { query: expr, time } = command;
  if (time.kind !== "instant" || (kind !== "vector" && kind !== "scalar")) return undefined;
  if (/(start|end|range|step)\(\)/.test(expr)) return undefined;
  if (command.expectations.some((one) => one.kind === "ordered")) return undefined;
  const { timeMs } = time;
  const stepMs = RANGE_CHECK_STEP_MS;
  const { value } = await backend.range({
    expr,
    startMs: timeMs - stepMs,
    endMs: timeMs + stepMs,
    stepMs,
  });
  const middle = middleStep(value, timeMs, kind);
  const problem = compareValue(command, middle);
  return problem === undefined ? undefined : `in range mode: ${problem}`;
}

/** The same query pinned to its time must give the same at other times. */
async function checkPinned(
  command: EvalCommand,
  backend: QueryBackend,
): Promise<string | undefined> {
  const { query, time } = command;
  if (time.kind !== "instant") return undefined;
  const pinned = pinnedQuery(query, time.timeMs);
  if (pinned === undefined) return undefined;
  const { expr } = pinned;
  for (const timeMs of pinned.timesMs) {
    const { value, annotations } = await backend.instant({ expr, timeMs });
    const problem = compareAnnotations(command, annotations) ?? compareValue(command, value);
    if (problem !== undefined) return `as ${expr} at ${timeMs} ms: ${problem}`;
  }
  return undefined;
}

function middleStep(value: QueryValue, timeMs: number, kind: "vector" | "scalar"): QueryValue {
  if (value.kind !== "matrix") return value;
  const points = value.series.flatMap(({ labels, timesMs, values, histograms }) => {
    const index = timesMs.indexOf(timeMs);
    if (index === -1) return [];
    return [{ labels, value: values[index]!, histogram: histograms?.[index] }];
  });
  if (kind === "scalar") return { kind, timeMs, value: points[0]?.value ?? NaN };
  return {
    kind,
    timeMs,
    labels: points.map(({ labels }) => labels),
    values: Float64Array.from(points, (point) => point.value),
    histograms: points.map(({ histogram }) => histogram),
  };
}

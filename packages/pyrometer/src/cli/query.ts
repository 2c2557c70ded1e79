import type { Command } from "commander";
import { parseQuery } from "../promql/index.ts";
import { durationFlag, timeFlag } from "./flags.ts";

const SERVER_DEFAULT = "http://127.0.0.1:9090";

interface ApiAnswer {
  readonly status: "success" | "error";
  readonly error?: string;
  readonly warnings?: readonly string[];
  readonly infos?: readonly string[];
  readonly data?: unknown;
}

interface QueryData {
  readonly resultType: string;
  readonly result: unknown;
}

interface QueryFlags {
  readonly server: string;
  readonly output: "text" | "json";
}

export function registerQuery(program: Command): void {
  const query = program
    .command("query")
    .description("ask a running server, ours or any Prometheus");
  const add = (name: string, description: string) =>
    query
      .command(name)
      .description(description)
      .argument("<expr>", "PromQL")
      .option("--server <url>", "whom to ask", SERVER_DEFAULT)
      .option("--output <format>", "text or json", "text");

  add("explain", "what each part of a query gives and takes")
    .option("--time <time>", "RFC 3339 or Unix seconds; now when absent", timeFlag)
    .option("--start <time>", "explain a range query that starts here", timeFlag)
    .option("--end <time>", "where it ends; now when absent", timeFlag)
    .option("--step <duration>", "between two points", durationFlag, 60_000)
    .action(explain);

  add("instant", "the value at one moment")
    .option("--time <time>", "RFC 3339 or Unix seconds; now when absent", timeFlag)
    .action(async (expr: string, flags: QueryFlags & { time?: number }) => {
      await ask("query", {
        expr,
        ...flags,
        parameters: { time: seconds(flags.time ?? Date.now()) },
      });
    });

  add("range", "the values over a time")
    .option(
      "--start <time>",
      "RFC 3339 or Unix seconds; an hour before the end when absent",
      timeFlag,
    )
    .option("--end <time>", "RFC 3339 or Unix seconds; now when absent", timeFlag)
    .option("--step <duration>", "between two points", durationFlag, 60_000)
    .action(
      async (expr: string, flags: QueryFlags & { start?: number; end?: number; step: number }) => {
        const endMs = flags.end ?? Date.now();
        const startMs = flags.start ?? endMs - 3_600_000;
        const parameters = {
          start: seconds(startMs),
          end: seconds(endMs),
          step: seconds(flags.step),
        };
        await ask("query_range", { expr, ...flags, parameters });
      },
    );
}

interface ExplainFlags extends QueryFlags {
  readonly time?: number;
  readonly start?: number;
  readonly end?: number;
  /** Milliseconds. */
  readonly step: number;
}

interface ExplainedNode {
  readonly expr: string;
  readonly series: number;
  readonly samples: number;
  readonly seconds: number;
  readonly children: readonly ExplainedNode[];
}

async function explain(expr: string, flags: ExplainFlags): Promise<void> {
  const { time = Date.now(), start, end = Date.now(), step } = flags;
  const parameters: Record<string, string> =
    start === undefined
      ? { time: seconds(time) }
      : { start: seconds(start), end: seconds(end), step: seconds(step) };
  const data = await fetchData("pyrometer/v1/explain", { ...flags, expr, parameters });
  if (data === undefined) return;
  if (flags.output === "json") console.log(JSON.stringify(data));
  else for (const line of printTree(data as ExplainedNode)) console.log(line);
}

/** A line per node, deepest last; numbers in columns, since that is where eyes go first. */
function printTree(root: ExplainedNode): string[] {
  const rows = [["series", "samples", "time", "expression"]];
  const add = (
    { expr, series, samples, seconds: tookS, children }: ExplainedNode,
    depth: number,
  ) => {
    const time = `${(tookS * 1000).toFixed(2)} ms`;
    rows.push([String(series), String(samples), time, "  ".repeat(depth) + expr]);
    for (const child of children) add(child, depth + 1);
  };
  add(root, 0);
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row.map((cell, column) => (column < 3 ? cell.padStart(widths[column]!) : cell)).join("  "),
  );
}

interface Question extends QueryFlags {
  readonly expr: string;
  readonly parameters: Readonly<Record<string, string>>;
}

async function ask(path: string, question: Question): Promise<void> {
  const data = (await fetchData(`v1/${path}`, question)) as QueryData | undefined;
  if (data === undefined) return;
  if (question.output === "json") console.log(JSON.stringify(data));
  else for (const line of printResult(data.resultType, data.result)) console.log(line);
}

/** Asks, and prints what stands beside the data; undefined, said on stderr, when there is none. */
async function fetchData(path: string, { expr, server, parameters }: Question): Promise<unknown> {
  // Syntax is judged here: the carets need no server, and work against any.
  const { errors } = parseQuery({ name: "<query>", text: expr });
  if (errors.length > 0) {
    for (const error of errors) console.error(error.render());
    process.exitCode = 1;
    return undefined;
  }
  const answer = await fetchAnswer(`${server.replace(/\/$/, "")}/api/${path}`, {
    query: expr,
    ...parameters,
  });
  for (const warning of answer.warnings ?? []) console.error(`warning: ${warning}`);
  for (const info of answer.infos ?? []) console.error(`info: ${info}`);
  if (answer.status !== "error" && answer.data !== undefined) return answer.data;
  console.error(`Cannot answer "${expr}": ${answer.error ?? "the server gave no data"}`);
  process.exitCode = 1;
  return undefined;
}

async function fetchAnswer(url: string, parameters: Record<string, string>): Promise<ApiAnswer> {
  try {
    const response = await fetch(url, { method: "POST", body: new URLSearchParams(parameters) });
    return (await response.json()) as ApiAnswer;
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return { status: "error", error: `${url}: ${cause instanceof Error ? cause.message : cause}` };
  }
}

type Point = readonly [timeS: number, value: string];
type HistogramPoint = readonly [timeS: number, value: HistogramValue];
type Metric = Readonly<Record<string, string>>;

interface HistogramValue {
  readonly count: string;
  readonly sum: string;
  readonly buckets?: readonly (readonly [bounds: number, ...numbers: string[]])[];
}

interface VectorResult {
  readonly metric: Metric;
  readonly value?: Point;
  readonly histogram?: HistogramPoint;
}

interface MatrixResult {
  readonly metric: Metric;
  readonly values?: readonly Point[];
  readonly histograms?: readonly HistogramPoint[];
}

function printResult(resultType: string, result: unknown): string[] {
  switch (resultType) {
    case "vector":
      return (result as VectorResult[]).map(({ metric, value, histogram }) => {
        const point = value ?? histogram;
        return `${printMetric(metric)} => ${point === undefined ? "" : printPoint(point)}`;
      });
    case "matrix":
      return (result as MatrixResult[]).map(({ metric, values = [], histograms = [] }) => {
        const points = [...values, ...histograms].sort(([a], [b]) => a - b);
        return [`${printMetric(metric)} =>`, ...points.map(printPoint)].join("\n");
      });
    default: {
      const [timeS, value] = result as Point;
      return [`${resultType}: ${value} @[${timeS}]`];
    }
  }
}

function printPoint([timeS, value]: Point | HistogramPoint): string {
  return `${typeof value === "string" ? value : printHistogram(value)} @[${timeS}]`;
}

/** `{count:3, sum:5, (1,2]:3}`, as Prometheus prints one in its own messages. */
function printHistogram({ count, sum, buckets = [] }: HistogramValue): string {
  const items = buckets.map(([bounds, lower, upper, inBucket]) => {
    const open = bounds === 1 || bounds === 3 ? "[" : "(";
    const close = bounds === 0 || bounds === 3 ? "]" : ")";
    return `${open}${lower},${upper}${close}:${inBucket}`;
  });
  return `{${[`count:${count}`, `sum:${sum}`, ...items].join(", ")}}`;
}

function printMetric({ __name__: name = "", ...labels }: Metric): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}=${JSON.stringify(value)}`);
  return pairs.length === 0 && name !== "" ? name : `${name}{${pairs.join(", ")}}`;
}

function seconds(ms: number): string {
  return String(ms / 1000);
}

import type { Command } from "commander";
import { parseQuery } from "../promql/index.ts";
import { durationFlag, timeFlag } from "./flags.ts";

const SERVER_DEFAULT = "http://127.0.0.1:9090";

interface ApiAnswer {
  readonly status: "success" | "error";
  readonly error?: string;
  readonly warnings?: readonly string[];
  readonly infos?: readonly string[];
  readonly data?: { readonly resultType: string; readonly result: unknown };
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

interface Question extends QueryFlags {
  readonly expr: string;
  readonly parameters: Readonly<Record<string, string>>;
}

async function ask(path: string, { expr, server, output, parameters }: Question): Promise<void> {
  // Syntax is judged here: the carets need no server, and work against any.
  const { errors } = parseQuery({ name: "<query>", text: expr });
  if (errors.length > 0) {
    for (const error of errors) console.error(error.render());
    process.exitCode = 1;
    return;
  }
  const answer = await fetchAnswer(`${server.replace(/\/$/, "")}/api/v1/${path}`, {
    query: expr,
    ...parameters,
  });
  for (const warning of answer.warnings ?? []) console.error(`warning: ${warning}`);
  for (const info of answer.infos ?? []) console.error(`info: ${info}`);
  if (answer.status === "error" || !answer.data) {
    console.error(`Cannot answer "${expr}": ${answer.error ?? "the server gave no data"}`);
    process.exitCode = 1;
  } else if (output === "json") console.log(JSON.stringify(answer.data));
  else
    for (const line of printResult(answer.data.resultType, answer.data.result)) console.log(line);
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
type Metric = Readonly<Record<string, string>>;

function printResult(resultType: string, result: unknown): string[] {
  switch (resultType) {
    case "vector":
      return (result as { metric: Metric; value: Point }[]).map(
        ({ metric, value: [timeS, value] }) => `${printMetric(metric)} => ${value} @[${timeS}]`,
      );
    case "matrix":
      return (result as { metric: Metric; values: Point[] }[]).map(
        ({ metric, values }) =>
          `${printMetric(metric)} =>\n${values.map(([timeS, value]) => `${value} @[${timeS}]`).join("\n")}`,
      );
    default: {
      const [timeS, value] = result as Point;
      return [`${resultType}: ${value} @[${timeS}]`];
    }
  }
}

function printMetric({ __name__: name = "", ...labels }: Metric): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}=${JSON.stringify(value)}`);
  return pairs.length === 0 && name !== "" ? name : `${name}{${pairs.join(", ")}}`;
}

function seconds(ms: number): string {
  return String(ms / 1000);
}

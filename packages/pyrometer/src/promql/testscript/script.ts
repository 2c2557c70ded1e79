/**
 * Reads a PromQL test script into its commands: load, clear, eval.
 * Source: Prometheus, promql/promqltest/README.md
 */
import type { Source } from "../../std/index.ts";
import { parseDuration, SourceError } from "../../std/index.ts";
import { unquote } from "../parser/unquote.ts";
import { nativeFromClassic } from "./classic-series.ts";
import { isNumber, parseFloatText } from "./number-notation.ts";
import type { SeriesLine } from "./series-notation.ts";
import { parseSeriesLine } from "./series-notation.ts";
import type { StartLine } from "./start-notation.ts";
import { isStartLine, parseStartLine } from "./start-notation.ts";

type Command = LoadCommand | { readonly kind: "clear" } | EvalCommand;

export interface LoadCommand {
  readonly kind: "load";
  readonly stepMs: number;
  readonly series: readonly LoadedSeries[];
}

export interface LoadedSeries extends SeriesLine {
  /** By value, from its own time: since when the counter counts. Absent: unknown for all. */
  readonly startOffsetsMs?: readonly (number | undefined)[];
}

export interface EvalCommand {
  readonly kind: "eval";
  /** 1-based, of the `eval`. */
  readonly line: number;
  readonly query: string;
  readonly time:
    | { readonly kind: "instant"; readonly timeMs: number }
    | {
        readonly kind: "range";
        readonly startMs: number;
        readonly endMs: number;
        readonly stepMs: number;
      };
  readonly expectations: readonly Expectation[];
  readonly result: ExpectedResult;
}

export type ExpectationKind = "ordered" | "fail" | "warn" | "no_warn" | "info" | "no_info";

export interface Expectation {
  readonly kind: ExpectationKind;
  /** Absent: any text will do. */
  readonly text?: { readonly kind: "msg" | "regex"; readonly value: string };
}

type ExpectedResult =
  | { readonly kind: "scalar"; readonly value: number }
  | { readonly kind: "string"; readonly text: string }
  | {
      readonly kind: "series";
      readonly series: readonly SeriesLine[];
      /** Set by `expect range vector`: an instant query that gives a matrix. */
      readonly matrix?: {
        readonly startMs: number;
        readonly endMs: number;
        readonly stepMs: number;
      };
    };

interface ParsedScript {
  readonly commands: readonly Command[];
  /** What cannot be read; the commands before and after it are there. */
  readonly errors: readonly SourceError[];
}

export function parseScript(source: Source): ParsedScript {
  return new ScriptParser(source).parse();
}

const LOAD = /^load(?:_with_nhcb)?\s+(\S+)$/;
const EVAL_INSTANT = /^eval(?:_(fail|warn|ordered|info))?\s+instant\s+(?:at\s+(.+?))?\s+(.+)$/;
const EVAL_RANGE =
  /^eval(?:_(fail|warn|info))?\s+range\s+from\s+(.+)\s+to\s+(.+)\s+step\s+(.+?)\s+(.+)$/;
const EXPECT = /^expect\s+(ordered|fail|warn|no_warn|info|no_info)(?:\s+(regex|msg):(.+))?$/;
const EXPECT_RANGE = /^expect range vector\s+from\s+(.+)\s+to\s+(.+)\s+step\s+(.+)$/;

/** Where reading stands: a line, and what has been found wrong. */
class ScriptParser {
  readonly #source: Source;
  /** Trimmed; comments are empty lines, and an empty line ends a block. */
  readonly #lines: readonly string[];
  readonly #errors: SourceError[] = [];
  #index = 0;

  constructor(source: Source) {
    this.#source = source;
    this.#lines = source.text
      .split("\n")
      .map((line) => line.trim())
      .map((line) => (line.startsWith("#") ? "" : line));
  }

  parse(): ParsedScript {
    const commands: Command[] = [];
    for (; this.#index < this.#lines.length; this.#index++) {
      const line = this.#lines[this.#index]!;
      if (line === "") continue;
      const command = this.#command(line);
      if (command !== undefined) commands.push(command);
    }
    return { commands, errors: this.#errors };
  }

  #command(line: string): Command | undefined {
    const [word = ""] = line.toLowerCase().split(/\s/);
    if (word === "clear") return { kind: "clear" };
    if (word.startsWith("load")) return this.#load(line);
    if (word.startsWith("eval")) return this.#eval(line);
    this.#fail(`invalid command "${line}", expected load, clear or eval`);
    return undefined;
  }

  #load(line: string): LoadCommand | undefined {
    const match = LOAD.exec(line);
    if (match === null) {
      this.#fail("invalid load command, expected load[_with_nhcb] <step>");
      this.#block();
      return undefined;
    }
    const stepMs = this.#duration(match[1]!);
    const series = this.#loadedSeries();
    if (!line.toLowerCase().startsWith("load_with_nhcb")) return { kind: "load", stepMs, series };
    const native = nativeFromClassic(series);
    if ("problem" in native) {
      this.#fail(native.problem);
      return undefined;
    }
    return { kind: "load", stepMs, series: [...series, ...native] };
  }

  #loadedSeries(): LoadedSeries[] {
    const series: LoadedSeries[] = [];
    let starts: StartLine | undefined;
    for (const text of this.#block()) {
      if (isStartLine(text)) {
        if (starts !== undefined) this.#fail("@st line has no following sample line");
        const parsed = parseStartLine(text);
        if ("problem" in parsed) this.#fail(parsed.problem);
        else starts = parsed;
        continue;
      }
      const parsed = this.#series(text);
      if (parsed !== undefined) series.push(this.#withStarts(parsed, starts));
      starts = undefined;
    }
    if (starts !== undefined) this.#fail("@st line has no following sample line");
    return series;
  }

  #withStarts(line: SeriesLine, starts: StartLine | undefined): LoadedSeries {
    if (starts === undefined) return line;
    if (starts.labels.key !== line.labels.key) {
      this.#fail("@st metric does not match the following sample line metric");
      return line;
    }
    const [startCount, valueCount] = [starts.offsetsMs.length, line.values.length];
    if (startCount !== valueCount) {
      this.#fail(`@st line has ${startCount} values but sample line has ${valueCount}`);
    }
    return { ...line, startOffsetsMs: starts.offsetsMs };
  }

  #eval(line: string): EvalCommand | undefined {
    const lineNumber = this.#index + 1;
    const instant = EVAL_INSTANT.exec(line);
    const range = EVAL_RANGE.exec(line);
    if (instant === null && range === null) {
      this.#fail("invalid eval command, expected eval instant at <time> <query> or eval range …");
      this.#block();
      return undefined;
    }
    const mode = instant?.[1] ?? range?.[1];
    const time = instant
      ? ({ kind: "instant", timeMs: this.#duration(instant[2] ?? "0") } as const)
      : ({ kind: "range", ...this.#times(range!.slice(2)) } as const);
    const query = instant?.[3] ?? range?.[5] ?? "";
    const { expectations, result } = this.#expectations();
    const older = mode === undefined ? [] : [{ kind: mode as ExpectationKind }];
    // An older script's message says more than its bare eval_fail.
    const all = expectations.some(({ kind }) => kind === mode) ? [] : older;
    return {
      kind: "eval",
      line: lineNumber,
      query,
      time,
      expectations: [...all, ...expectations],
      result,
    };
  }

  #expectations(): { expectations: Expectation[]; result: ExpectedResult } {
    const expectations: Expectation[] = [];
    const series: SeriesLine[] = [];
    let matrix: { startMs: number; endMs: number; stepMs: number } | undefined;
    let single: ExpectedResult | undefined;
    for (const line of this.#block()) {
      const range = EXPECT_RANGE.exec(line);
      if (range) matrix = this.#times(range.slice(1));
      else if (line.startsWith("expect string ")) {
        single = { kind: "string", text: unquote(line.slice("expect string ".length).trim()) };
      } else if (/^expect\s/.test(line) || line === "expect") {
        const expectation = this.#expectation(line);
        if (expectation !== undefined) expectations.push(expectation);
      } else if (line.startsWith("expected_fail_")) {
        const [, kind, value] = /^expected_fail_(message|regexp)\s+(.*)$/.exec(line) ?? [];
        const how = kind === "message" ? "msg" : "regex";
        expectations.push({ kind: "fail", text: { kind: how, value: value ?? "" } });
      } else if (isNumber(line)) {
        single = { kind: "scalar", value: parseFloatText(line) };
      } else {
        const parsed = this.#series(line);
        if (parsed !== undefined) series.push(parsed);
      }
    }
    const several = {
      kind: "series",
      series,
      ...(matrix === undefined ? {} : { matrix }),
    } as const;
    return { expectations, result: single ?? several };
  }

  #expectation(line: string): Expectation | undefined {
    const match = EXPECT.exec(line);
    if (match === null) {
      this.#fail("invalid expect line, expected expect <type> [msg|regex: <text>]");
      return undefined;
    }
    const kind = match[1] as ExpectationKind;
    if (match[2] === undefined) return { kind };
    return { kind, text: { kind: match[2] as "msg" | "regex", value: match[3]!.trim() } };
  }

  /** The lines up to the next empty one; the parser then stands on the last of them. */
  *#block(): Iterable<string> {
    while ((this.#lines[this.#index + 1] ?? "") !== "") {
      this.#index += 1;
      yield this.#lines[this.#index]!;
    }
  }

  #series(line: string): SeriesLine | undefined {
    const parsed = parseSeriesLine(line);
    if (!("problem" in parsed)) return parsed;
    this.#fail(parsed.problem);
    return undefined;
  }

  #times(texts: readonly string[]): { startMs: number; endMs: number; stepMs: number } {
    const [start = "", end = "", step = ""] = texts;
    return {
      startMs: this.#duration(start),
      endMs: this.#duration(end),
      stepMs: this.#duration(step),
    };
  }

  #duration(text: string): number {
    const parsed = parseDuration(text);
    if ("ms" in parsed) return parsed.ms;
    this.#fail(parsed.problem);
    return 0;
  }

  #fail(problem: string): void {
    const span = lineSpan(this.#source, this.#index + 1);
    this.#errors.push(new SourceError("promql/script", problem, { source: this.#source, span }));
  }
}

/** The span of a 1-based line without its indentation. */
export function lineSpan({ text }: Source, line: number): { start: number; end: number } {
  const lines = text.split("\n");
  const before = lines.slice(0, line - 1).join("\n");
  const start = line === 1 ? 0 : before.length + 1;
  const content = lines[line - 1] ?? "";
  const indent = content.length - content.trimStart().length;
  return { start: start + indent, end: start + content.length };
}

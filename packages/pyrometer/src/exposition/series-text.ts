/**
 * Reads the labels of one series: `name{label="value"}` or, with names that need quotes,
 * `{"a.b","c.d"="value"}`. Both formats share it.
 */
import { METRIC_NAME } from "../model/index.ts";
import type { Span } from "../std/index.ts";
import type { LabelPairs } from "./types.ts";

export interface TextProblem {
  readonly kind: "problem";
  /** The part of an error code after "exposition/". */
  readonly code: string;
  readonly problem: string;
  /** In the text that was read. */
  readonly span: Span;
}

export type ParsedSeries = { readonly kind: "series"; readonly pairs: LabelPairs } | TextProblem;

/**
 * How exactly to take the letter. "lenient" allows blanks anywhere between tokens, a comma before
 * the closing brace, and a missing one between labels: Prometheus reads all of these in text format.
 */
export type Strictness = "lenient" | "strict";

/** Reads a whole series text, with a metric name before or inside the braces. */
export function parseSeries(text: string, strictness: Strictness): ParsedSeries {
  return new SeriesReader(text, strictness).series();
}

/** Reads a label set in braces that has no metric name: an exemplar's. */
export function parseLabelSet(text: string, strictness: Strictness): ParsedSeries {
  return new SeriesReader(text, strictness).labelSet();
}

const METRIC_START = /[a-zA-Z_:][a-zA-Z0-9_:]*/y;
const LABEL_START = /[a-zA-Z_][a-zA-Z0-9_]*/y;
const QUOTED = /"(?:[^"\\]|\\.)*"/y;
const BLANKS = /[ \t]*/y;

const NAME_EXPECTED = "expected a metric name or {";
const KEY_EXPECTED = "expected a label name";

class SeriesReader {
  readonly #text: string;
  readonly #isStrict: boolean;
  readonly #pairs: [string, string][] = [];
  readonly #names = new Set<string>();
  #at = 0;
  #problem: TextProblem | undefined;

  constructor(text: string, strictness: Strictness) {
    this.#text = text;
    this.#isStrict = strictness === "strict";
  }

  series(): ParsedSeries {
    const name = this.#take(METRIC_START);
    if (name !== undefined) this.#addPair(METRIC_NAME, name, 0);
    this.#skipBlanks();
    if (name === undefined && this.#peek() !== "{") this.#fail("series", NAME_EXPECTED);
    if (this.#at < this.#text.length) this.#braces();
    if (!this.#names.has(METRIC_NAME)) this.#fail("series", "it has no metric name", 0);
    // As in a Labels: the name first, wherever it stood.
    this.#pairs.sort((a, b) => Number(b[0] === METRIC_NAME) - Number(a[0] === METRIC_NAME));
    return this.#result();
  }

  labelSet(): ParsedSeries {
    this.#braces();
    if (this.#names.has(METRIC_NAME)) this.#fail("label", "a metric name has no place here", 0);
    return this.#result();
  }

  #result(): ParsedSeries {
    return this.#problem ?? { kind: "series", pairs: this.#pairs };
  }

  #braces(): void {
    if (!this.#eat("{")) {
      return this.#fail("series", "expected {, a blank or the end of the name");
    }
    this.#skipBlanks();
    while (!this.#problem && !this.#eat("}")) {
      this.#entry();
      this.#skipBlanks();
      if (this.#problem || this.#eat("}")) break;
      const hasComma = this.#eat(",");
      const canBeLabel = !this.#isStrict && this.#at < this.#text.length;
      if (!hasComma && !canBeLabel) return this.#fail("label", "expected a comma or }");
      this.#skipBlanks();
      if (this.#isStrict && this.#peek() === "}") return this.#fail("label", KEY_EXPECTED);
    }
    if (!this.#problem && this.#at < this.#text.length) {
      this.#fail("series", "expected nothing after }");
    }
  }

  /** `name="value"`, `"name"="value"`, or the metric's `"name"` alone. */
  #entry(): void {
    const start = this.#at;
    const quoted = this.#peek() === '"' ? this.#quoted() : undefined;
    const name = quoted ?? this.#take(LABEL_START);
    if (this.#problem) return;
    if (name === undefined) return this.#fail("label", KEY_EXPECTED);
    if (name === "") return this.#fail("label", "a name may not be empty", start);
    this.#skipBlanks();
    if (quoted !== undefined && this.#peek() !== "=") {
      return this.#addPair(METRIC_NAME, name, start);
    }
    if (!this.#eat("=")) return this.#fail("label", `expected = after the label name "${name}"`);
    this.#skipBlanks();
    if (this.#peek() !== '"') {
      return this.#fail("label", `expected a quoted value for the label "${name}"`);
    }
    const value = this.#quoted();
    if (value !== undefined) this.#addPair(name, value, start);
  }

  #addPair(name: string, value: string, start: number): void {
    if (this.#names.has(name)) {
      const twice = name === METRIC_NAME ? "the metric name is" : `the label "${name}" is`;
      return this.#fail("duplicate-label", `${twice} given twice`, start);
    }
    this.#names.add(name);
    this.#pairs.push([name, value]);
  }

  #quoted(): string | undefined {
    const token = this.#take(QUOTED);
    if (token === undefined) this.#fail("label", "the quoted text does not end");
    return token === undefined ? undefined : unescapeText(token.slice(1, -1));
  }

  #peek(): string {
    return this.#text.charAt(this.#at);
  }

  #eat(character: string): boolean {
    if (this.#peek() !== character) return false;
    this.#at += 1;
    return true;
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const token = pattern.exec(this.#text)?.[0];
    this.#at += token?.length ?? 0;
    return token;
  }

  #skipBlanks(): void {
    if (!this.#isStrict) this.#take(BLANKS);
  }

  /** Remembers the first problem only: what follows one is guesswork. */
  #fail(code: string, problem: string, start = this.#at): void {
    const span = { start, end: Math.max(start + 1, this.#at) };
    this.#problem ??= { kind: "problem", code, problem, span };
  }
}

/** Undoes \\, \" and \n; a backslash before anything else stands for itself. */
export function unescapeText(text: string): string {
  if (!text.includes("\\")) return text;
  return text.replace(/\\(.)/g, (whole, character: string) => {
    if (character === "n") return "\n";
    return character === "\\" || character === '"' ? character : whole;
  });
}

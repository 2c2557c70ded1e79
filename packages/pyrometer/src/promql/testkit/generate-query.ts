/**
 * Random queries by seed, over the metrics of messy-data.ts, made so that any two correct engines
 * agree on them: what Prometheus 2.42 and 3 define differently is not generated, and what they
 * only round differently (sums, means, functions of libm) is marked, and never fed to an operation
 * that jumps, like `floor` or `>`.
 *
 * All times are multiples of 10 s and ranges of subqueries are 3 s more than one, so that no point
 * of a subquery lies on the left edge of its window, where 2.42 and 3 differ.
 */
import type { Prng } from "../../std/index.ts";

export interface GeneratedQuery {
  readonly text: string;
  /** Every engine computes the same bits; otherwise agreement is up to rounding. */
  readonly isExact: boolean;
}

const EXACT_RANGE_FUNCTIONS = [
  "changes",
  "count_over_time",
  "delta",
  "idelta",
  "irate",
  "last_over_time",
  "max_over_time",
  "min_over_time",
  "present_over_time",
  "resets",
  "sum_over_time",
];
const ROUNDED_RANGE_FUNCTIONS = ["avg_over_time", "deriv", "stddev_over_time", "stdvar_over_time"];
const COUNTER_FUNCTIONS = ["rate", "increase"];
/** Continuous: a rounding error in stays one. */
const SMOOTH_FUNCTIONS = ["abs", "deg", "rad", "atan", "sgn", "sqrt", "asinh", "tanh"];
const JUMPING_FUNCTIONS = ["ceil", "floor", "sgn", "sqrt", "ln", "log2", "log10", "acosh", "exp"];
const PERIODIC_FUNCTIONS = ["sin", "cos", "tan", "sinh", "cosh", "asin", "acos", "atanh"];
const DATE_FUNCTIONS = [
  "day_of_month",
  "day_of_week",
  "day_of_year",
  "days_in_month",
  "hour",
  "minute",
  "month",
  "year",
];

type Maker = () => GeneratedQuery;

export class QueryGenerator {
  readonly #prng: Prng;

  constructor(prng: Prng) {
    this.#prng = prng;
  }

  /** @param timeS any moment inside the data, for `@` */
  query(depth: number, timeS: number): GeneratedQuery {
    const at = new Writer(this.#prng, timeS);
    switch (this.#prng.below(12)) {
      case 0:
        return at.scalar(depth);
      default:
        return at.vector(depth);
    }
  }
}

class Writer {
  readonly #prng: Prng;
  readonly #timeS: number;

  constructor(prng: Prng, timeS: number) {
    this.#prng = prng;
    this.#timeS = timeS;
  }

  vector(depth: number): GeneratedQuery {
    if (depth <= 0) return this.#leaf();
    const inner = depth - 1;
    const makers: Maker[] = [
      () => this.#leaf(),
      () => this.#aggregation(inner),
      () => this.#aggregation(inner),
      () => this.#ranked(),
      () => this.#counted(),
      () => this.#quantile(inner),
      () => this.#mathFunction(inner),
      () => this.#clamped(inner),
      () => this.#labelled(inner),
      () => this.#withScalar(inner),
      () => this.#withScalar(inner),
      () => this.#compared(inner),
      () => this.#matched(inner),
      () => this.#matched(inner),
      () => this.#grouped(),
      () => this.#set(inner),
      () => this.#subquery(inner),
      () => this.#subquery(inner),
      () => this.#wrapped(inner),
      () => this.#histogramQuantile(),
      () => this.#fromTime(inner),
    ];
    return this.#prng.pick(makers)();
  }

  scalar(depth: number): GeneratedQuery {
    const { below, pick } = this.#tools;
    if (depth <= 0 || below(3) === 0) return exact(pick(["0", "1", "2.5", "-3", "NaN", "+Inf"]));
    const left = this.scalar(depth - 1);
    const right = this.scalar(depth - 1);
    return pick<Maker>([
      () => exact("time()"),
      () => rounded("pi()"),
      () => wrap("scalar(", this.vector(depth - 1), ")"),
      () => joined(left, ` ${pick(["+", "-", "*", "/"])} `, right),
      () =>
        left.isExact && right.isExact
          ? joined(left, ` ${pick(["==", ">", "<="])} bool `, right)
          : left,
    ])();
  }

  get #tools() {
    return {
      below: (limit: number) => this.#prng.below(limit),
      pick: <T>(items: readonly T[]) => this.#prng.pick(items),
    };
  }

  #leaf(): GeneratedQuery {
    const { below, pick } = this.#tools;
    if (below(2) === 0) return exact(this.#selector(pick(["c0", "c1", "g0", "g1", "i0", "k0"])));
    return this.#rangeCall(pick(["c0", "g0", "g1", "i0"]));
  }

  #rangeCall(metric: string): GeneratedQuery {
    const { below, pick } = this.#tools;
    if (below(12) === 0) {
      // Several names: dropping them may leave two series alike, which is refused.
      const names = `{__name__=~"${pick(["c0|c1", "c0|g0|i0", "g.+|k0"])}"${pick(["", ', a="x"'])}}`;
      return exact(`${pick(["count_over_time", "last_over_time", "max_over_time"])}(${names}[1m])`);
    }
    const range = this.#rangeSelector(metric);
    if (metric === "c0" && below(2) === 0) return rounded(`${pick(COUNTER_FUNCTIONS)}(${range})`);
    // NaN and infinities in a mean or a fit come out differently; in an order they do not.
    if (metric !== "g1" && below(3) === 0) {
      return pick<Maker>([
        () => rounded(`${pick(ROUNDED_RANGE_FUNCTIONS)}(${range})`),
        // Prometheus 2 gives only the first step of a prediction fixed by @.
        () => rounded(`predict_linear(${metric}[2m] offset 30s, ${pick(["0", "60", "-600"])})`),
        () => rounded(`double_exponential_smoothing(${range}, 0.5, 0.25)`),
      ])();
    }
    if (below(5) === 0) {
      const quantile = pick(["0", "0.5", "0.9", "1", "-1", "2"]);
      return rounded(`quantile_over_time(${quantile}, ${range})`);
    }
    const name = pick(EXACT_RANGE_FUNCTIONS);
    const isExact = !["delta", "irate", "idelta"].includes(name);
    return { text: `${name}(${range})`, isExact };
  }

  #selector(metric: string): string {
    return metric + this.#matchers(metric) + this.#modifier();
  }

  #rangeSelector(metric: string): string {
    const range = this.#prng.pick(["30s", "1m", "2m", "5m", "10m30s"]);
    return `${metric}${this.#matchers(metric)}[${range}]${this.#modifier()}`;
  }

  #matchers(metric: string): string {
    if (this.#prng.below(2) === 0) return "";
    const one = ['a="x"', 'a!="x"', 'a=~"y+"', 'a!~"y.*"', 'a=~"x|yy"', 'none=""', 'a!=""'];
    const two = ['b="1"', 'b!="1"', 'b=~"[12]"', 'b!~"2"', 'b=~".+"'];
    const chosen = [this.#prng.pick(one)];
    if (metric !== "k0" && this.#prng.below(3) === 0) chosen.push(this.#prng.pick(two));
    return `{${chosen.join(",")}}`;
  }

  #modifier(): string {
    const at = this.#timeS - (this.#timeS % 10);
    const all = [" offset 30s", " offset -50s", " offset 2m", ` @ ${at}`, " @ end()", " @ start()"];
    return this.#prng.below(4) === 0 ? this.#prng.pick([...all, ` @ ${at} offset 1m`]) : "";
  }

  #grouping(): string {
    return this.#prng.pick(["", " by (a)", " by (b)", " by (a, b)", " without (a)", " without ()"]);
  }

  #aggregation(depth: number): GeneratedQuery {
    const { pick } = this.#tools;
    const arg = this.vector(depth);
    const [name, isExact] = pick([
      ["sum", arg.isExact],
      ["min", true],
      ["max", true],
      ["count", true],
      ["group", true],
      ["avg", false],
    ] as const);
    const text = `${name}${this.#grouping()} (${arg.text})`;
    return { text, isExact: isExact && (arg.isExact || name === "count" || name === "group") };
  }

  /** Of values that do not tie: which of two equals comes first is nobody's promise. */
  #ranked(): GeneratedQuery {
    const { pick } = this.#tools;
    const arg = this.#selector(pick(["c0", "c1"]));
    return pick<Maker>([
      () => exact(`${pick(["topk", "bottomk"])}${this.#grouping()} (${pick([1, 2, 9])}, ${arg})`),
      () => rounded(`${pick(["stddev", "stdvar"])}${this.#grouping()} (${arg})`),
      () => exact(`${pick(["sort", "sort_desc"])}(${arg})`),
    ])();
  }

  #counted(): GeneratedQuery {
    return exact(`count_values${this.#grouping()} ("v", ${this.#selector("i0")})`);
  }

  #quantile(depth: number): GeneratedQuery {
    const arg = this.vector(depth);
    const quantile = this.#prng.pick(["0", "0.3", "0.5", "0.99", "1", "-1", "1.5"]);
    return rounded(`quantile${this.#grouping()} (${quantile}, ${arg.text})`);
  }

  #mathFunction(depth: number): GeneratedQuery {
    const { below, pick } = this.#tools;
    const arg = this.vector(depth);
    if (!arg.isExact) return wrap(`${pick(["abs", "deg", "rad", "atan"])}(`, arg, ")");
    switch (below(4)) {
      case 0:
        return exact(`round(${arg.text}${pick(["", ", 5", ", 0.5", ", -2"])})`);
      case 1:
        return rounded(`${pick(SMOOTH_FUNCTIONS)}(${arg.text})`);
      case 2:
        return rounded(`${pick(PERIODIC_FUNCTIONS)}(${arg.text})`);
      default: {
        const name = pick(JUMPING_FUNCTIONS);
        const isExact = ["ceil", "floor", "sgn"].includes(name);
        return { text: `${name}(${arg.text})`, isExact };
      }
    }
  }

  #clamped(depth: number): GeneratedQuery {
    const { pick } = this.#tools;
    const arg = this.vector(depth);
    const tail = pick([", -10, 100)", ", 5, 1)"]);
    return pick<Maker>([
      () => wrap("clamp(", arg, tail),
      () => wrap("clamp_min(", arg, `, ${pick(["0", "250"])})`),
      () => wrap("clamp_max(", arg, `, ${pick(["0", "250"])})`),
    ])();
  }

  #labelled(depth: number): GeneratedQuery {
    const arg = this.vector(depth);
    const tails = [
      ', "d", "$1-$2", "a", "(.)(.*)")',
      ', "b", "$1", "a", "(y)y?")',
      ', "a", "", "b", "1")',
      ', "__name__", "n_$1", "a", "(.*)")',
      ', "d", "z", "missing", "")',
    ];
    if (this.#prng.below(3) === 0) return wrap("label_join(", arg, ', "d", "-", "a", "b", "no")');
    return wrap("label_replace(", arg, this.#prng.pick(tails));
  }

  #withScalar(depth: number): GeneratedQuery {
    const { below, pick } = this.#tools;
    const vector = this.vector(depth);
    const scalar = this.scalar(Math.min(depth, 2));
    const isExact = vector.isExact && scalar.isExact;
    const safe = ["+", "-", "*"];
    // No atan2: with a number on one side Prometheus 2 leaves the metric's name on.
    const sign = pick(isExact ? [...safe, "/", "%", "^"] : safe);
    const [left, right] = below(2) === 0 ? [vector, scalar] : [scalar, vector];
    return rounded(`(${left.text}) ${sign} (${right.text})`);
  }

  #compared(depth: number): GeneratedQuery {
    const { pick } = this.#tools;
    const arg = this.vector(depth);
    if (!arg.isExact) return arg;
    const sign = pick(["==", "!=", ">", "<", ">=", "<="]);
    const bool = pick(["", "", " bool"]);
    const limit = pick(["0", "2", "100", "1e6", "NaN", "scalar(i0)"]);
    return pick([
      exact(`(${arg.text}) ${sign}${bool} ${limit}`),
      exact(`${limit} ${sign}${bool} (${arg.text})`),
    ]);
  }

  #matched(depth: number): GeneratedQuery {
    const { pick } = this.#tools;
    const label = pick(["a", "b"]);
    const left = this.vector(depth);
    const right = this.vector(depth);
    const isExact = left.isExact && right.isExact;
    const sign = pick(isExact ? ["+", "-", "/", "atan2", ">", "== bool", "<="] : ["+", "-", "*"]);
    const isKept = [">", "== bool", "<="].includes(sign);
    // Prometheus 2 overlooks a second match where a filter drops one of the two, and leaves the
    // name on atan2; neither can be seen where aggregations made both sides.
    const plain = [">", "<=", "atan2"].includes(sign) ? "-" : sign;
    const forms = [
      `sum by (${label}) (${left.text}) ${sign} max by (${label}) (${right.text})`,
      `sum by (a, b) (${left.text}) ${sign} on (a, b) max by (a, b) (${right.text})`,
      `min by (a, b) (${left.text}) ${sign} ignoring (b) group_left max by (a) (${right.text})`,
      `max by (a) (${left.text}) ${sign} on (a) group_right () count by (a, b) (${right.text})`,
      `(${left.text}) ${plain} (${right.text})`,
      `(${left.text}) ${plain} ignoring (b) (${right.text})`,
    ];
    return { text: pick(forms), isExact: isExact && isKept };
  }

  /** Matching with a label copied from the "one" side. */
  #grouped(): GeneratedQuery {
    const { pick } = this.#tools;
    const metric = pick(["c0", "c1", "g0", "i0"]);
    const include = pick(["team", "", "team, missing"]);
    const one = this.#selector("k0");
    const many = this.#selector(metric);
    return pick([
      exact(`${many} * on (a) group_left (${include}) ${one}`),
      exact(`${one} + on (a) group_right (${include}) ${many}`),
      exact(`${many} > on (a) group_left (${include}) ${one}`),
    ]);
  }

  #set(depth: number): GeneratedQuery {
    const { pick } = this.#tools;
    const left = this.vector(depth);
    const right = this.vector(depth);
    const modifier = pick(["", " on (a)", " ignoring (b)", " on ()"]);
    const sign = pick(["and", "or", "unless"]);
    return joined(wrap("(", left, ")"), ` ${sign}${modifier} `, wrap("(", right, ")"));
  }

  #subquery(depth: number): GeneratedQuery {
    const { below, pick } = this.#tools;
    const arg = this.vector(depth);
    // 3 s more than a multiple of 10 s: see the head of this file.
    const brackets = pick(["[1m3s:10s]", "[2m3s:20s]", "[5m3s:50s]", "[1m33s:30s]", "[2m3s:]"]);
    const range = `(${arg.text})${brackets}${below(4) === 0 ? " offset 30s" : ""}`;
    if (below(6) === 0) return exact(`absent_over_time(${range})`);
    const always = ["max_over_time", "min_over_time", "last_over_time", "count_over_time"];
    if (!arg.isExact) {
      const name = pick(always);
      return { text: `${name}(${range})`, isExact: name === "count_over_time" };
    }
    return exact(`${pick([...always, "changes", "resets", "present_over_time"])}(${range})`);
  }

  #wrapped(depth: number): GeneratedQuery {
    const arg = this.vector(depth);
    return this.#prng.pick([wrap("-", this.#leaf(), ""), wrap("(", arg, ")"), wrap("+", arg, "")]);
  }

  #histogramQuantile(): GeneratedQuery {
    const { pick } = this.#tools;
    const quantile = pick(["0", "0.5", "0.9", "1", "-0.5", "1.5", "NaN"]);
    const range = pick(["1m", "2m", "5m"]);
    const rate = `rate(h_bucket[${range}]${this.#modifier()})`;
    const by = pick([`sum by (le) (${rate})`, `sum by (a, le) (${rate})`, rate, "h_bucket"]);
    return rounded(`histogram_quantile(${quantile}, ${by})`);
  }

  /** What is made of the time, or of there being anything at all. */
  #fromTime(depth: number): GeneratedQuery {
    const { pick } = this.#tools;
    const arg = this.vector(depth);
    const metric = pick(["c0", "g0", "none"]);
    return pick<Maker>([
      // Without modifiers: Prometheus 2 applies offset and @ together wrongly here.
      () => rounded(`timestamp(${pick(["c0", "g1"])}${this.#matchers("c0")})`),
      () => exact(`${pick(DATE_FUNCTIONS)}(timestamp(abs(${arg.text})))`),
      () => exact(`${pick(DATE_FUNCTIONS)}()`),
      () => exact(`absent(${this.#selector(metric)})`),
      () => exact(`absent_over_time(${this.#rangeSelector(metric)})`),
      () => wrap("vector(", this.scalar(depth), ")"),
    ])();
  }
}

function exact(text: string): GeneratedQuery {
  return { text, isExact: true };
}

function rounded(text: string): GeneratedQuery {
  return { text, isExact: false };
}

function wrap(before: string, { text, isExact }: GeneratedQuery, after: string): GeneratedQuery {
  return { text: before + text + after, isExact };
}

function joined(left: GeneratedQuery, between: string, right: GeneratedQuery): GeneratedQuery {
  return {
    text: `(${left.text})${between}(${right.text})`,
    isExact: left.isExact && right.isExact,
  };
}

/**
 * Prints a number with its unit as Grafana does: same scaling, same number of decimals, same
 * suffix, so that a dashboard brought along reads as it did.
 *
 * A unit id that nobody knows is printed after the number: "3 replicas".
 * Source: grafana.com/docs, "Standard options: Unit"; ids as in @grafana/data's value formats
 */
export interface Formatted {
  readonly prefix: string;
  readonly text: string;
  /** With its own leading space where there is one. */
  readonly suffix: string;
}

type Format = (value: number, decimals: number | undefined) => Formatted;

/** The number, its unit before or after it. */
export function formatUnit(value: number, unit: string, decimals?: number): Formatted {
  if (Number.isNaN(value)) return { prefix: "", text: "NaN", suffix: "" };
  if (!Number.isFinite(value)) {
    return { prefix: "", text: value > 0 ? "+Inf" : "-Inf", suffix: "" };
  }
  return formatOf(unit)(value, decimals);
}

export function printUnit(value: number, unit: string, decimals?: number): string {
  const { prefix, text, suffix } = formatUnit(value, unit, decimals);
  return `${prefix}${text}${suffix}`;
}

function formatOf(unit: string): Format {
  const known = FORMATS.get(unit);
  if (known) return known;
  const [, kind = "", rest = ""] = /^(suffix|prefix|si|count|currency|bool):(.*)$/.exec(unit) ?? [];
  switch (kind) {
    case "suffix":
      return fixed(rest);
    case "prefix":
      return (value, decimals) => ({ ...plain(value, decimals), prefix: rest });
    case "si":
      return siFromText(rest);
    case "count":
      return count(rest);
    case "currency":
      return currency(rest);
    case "bool": {
      const [yes = "", no = ""] = rest.split("/");
      return words(yes, no);
    }
    default:
      return fixed(unit);
  }
}

/** `m` + unit: scale from milli, and so on; a bare unit from one. */
function siFromText(text: string): Format {
  const index = SI_PREFIXES.indexOf(text.charAt(0));
  return index > 0 && text.length > 1 ? si(text.slice(1), index - SI_ONE) : si(text);
}

const SI_PREFIXES = ["f", "p", "n", "µ", "m", "", "k", "M", "G", "T", "P", "E", "Z", "Y"];
const SI_ONE = SI_PREFIXES.indexOf("");
const BINARY_PREFIXES = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei", "Zi", "Yi"];

const plain: Format = (value, decimals) => ({
  prefix: "",
  text: toFixed(value, decimals),
  suffix: "",
});

/** Always the same suffix; a space before it when it is a word or "°C"-like. */
function fixed(unit: string): Format {
  const suffix = unit === "" ? "" : ` ${unit}`;
  return (value, decimals) => ({ ...plain(value, decimals), suffix });
}

/** Divides by `factor` until the number is below it; `suffixes[from]` is for the number as it is. */
function scaled(factor: number, suffixes: readonly string[], from = 0): Format {
  return (value, decimals) => {
    const steps = value === 0 ? 0 : Math.floor(logOf(Math.abs(value), factor));
    const index = Math.max(0, Math.min(suffixes.length - 1, from + steps));
    const shown = value / factor ** (index - from);
    return { prefix: "", text: toFixed(shown, decimals), suffix: suffixes[index]! };
  };
}

/** Math.log(1000) / Math.log(10) is 2.9999999999999996: nudge what is a whole power up to it. */
function logOf(value: number, base: number): number {
  const log = Math.log(value) / Math.log(base);
  const nearest = Math.round(log);
  return Math.abs(log - nearest) < 1e-12 ? nearest : log;
}

function si(unit: string, offset = 0): Format {
  const suffixes = SI_PREFIXES.map((prefix) => ` ${prefix}${unit}`);
  return scaled(1000, suffixes, SI_ONE + offset);
}

function binary(unit: string, offset = 0): Format {
  const suffixes = BINARY_PREFIXES.map((prefix) => ` ${prefix}${unit}`);
  return scaled(1024, suffixes, offset);
}

/** Counts of things: 1.2K ops/s. */
function count(unit: string): Format {
  const suffixes = ["", "K", "M", "B", "T"].map((prefix) => `${prefix} ${unit}`);
  return scaled(1000, suffixes);
}

function currency(symbol: string): Format {
  const amount = scaled(1000, ["", "K", "M", "B", "T"]);
  return (value, decimals) => ({ ...amount(value, decimals), prefix: symbol });
}

function percent(factor: number): Format {
  return (value, decimals) => ({ ...plain(value * factor, decimals), suffix: "%" });
}

function words(yes: string, no: string): Format {
  return (value) => ({ prefix: "", text: value === 0 ? no : yes, suffix: "" });
}

interface TimeStep {
  readonly name: string;
  readonly seconds: number;
}

/** Smallest first. */
const TIME_STEPS: readonly TimeStep[] = [
  { name: "ns", seconds: 1e-9 },
  { name: "µs", seconds: 1e-6 },
  { name: "ms", seconds: 1e-3 },
  { name: "s", seconds: 1 },
  { name: "min", seconds: 60 },
  { name: "hour", seconds: 3600 },
  { name: "day", seconds: 86_400 },
  { name: "week", seconds: 7 * 86_400 },
  { name: "year", seconds: 365 * 86_400 },
];

/**
 * A duration given in `unit`, printed in the largest of `names` that it fills, else in the
 * smallest. Which names a unit goes through is Grafana's: "ms" never becomes µs, nor weeks.
 */
function time(unit: string, names: string): Format {
  const unitS = TIME_STEPS.find(({ name }) => name === unit)!.seconds;
  const allowed = names.split(" ");
  const steps = TIME_STEPS.filter(({ name }) => allowed.includes(name));
  return (value, decimals) => {
    const size = Math.abs(value * unitS) * (1 + 1e-12);
    const own = TIME_STEPS.find(({ name }) => name === unit)!;
    const step = value === 0 ? own : (steps.findLast((one) => size >= one.seconds) ?? steps[0]!);
    const shown = (value * unitS) / step.seconds;
    const isMany = step.seconds >= 60 && Math.abs(shown) > 1;
    const suffix = ` ${step.name}${isMany ? "s" : ""}`;
    return { prefix: "", text: toFixed(Number(shown.toPrecision(14)), decimals), suffix };
  };
}

/** "1 day, 2 hours": the two largest units of a number of seconds, whole. */
const duration: Format = (value) => {
  let restS = Math.abs(Math.round(value));
  const parts: string[] = [];
  for (const { name, seconds } of TIME_STEPS.toReversed()) {
    if (seconds < 1) break;
    const whole = Math.floor(restS / seconds);
    restS -= whole * seconds;
    const word = LONG_NAMES[name] ?? name;
    if (whole > 0) parts.push(`${whole} ${word}${whole === 1 ? "" : "s"}`);
  }
  const text = parts.slice(0, 2).join(", ") || "0 seconds";
  return { prefix: value < 0 ? "-" : "", text, suffix: "" };
};

const LONG_NAMES: Readonly<Record<string, string>> = { s: "second", min: "minute" };

/** hh:mm:ss, days before it when there are any. */
const clock: Format = (value) => {
  const allS = Math.abs(Math.floor(value));
  const days = Math.floor(allS / 86_400);
  const two = (part: number) => String(part % 60).padStart(2, "0");
  const hours = String(Math.floor(allS / 3600) % 24).padStart(2, "0");
  const text = `${hours}:${two(Math.floor(allS / 60))}:${two(allS)}`;
  const prefix = `${value < 0 ? "-" : ""}${days > 0 ? `${days} d ` : ""}`;
  return { prefix, text, suffix: "" };
};

/** Unix milliseconds as an ISO time in UTC. */
const isoTime: Format = (value) => {
  const date = new Date(value);
  const isTime = !Number.isNaN(date.getTime());
  const text = isTime ? date.toISOString().slice(0, 19).replace("T", " ") : String(value);
  return { prefix: "", text, suffix: "" };
};

/** `decimals` of them, or as many as reading takes; never "-0". */
function toFixed(value: number, decimals: number | undefined): string {
  const wanted = Math.round(decimals ?? decimalsFor(value));
  const fixedText = value.toFixed(Math.min(20, Math.max(0, wanted)));
  return Number(fixedText) === 0 ? fixedText.replace("-", "") : fixedText;
}

/** Three figures where it has a fraction: 0.0123, 1.23, 12.3, 123. */
function decimalsFor(value: number): number {
  if (value % 1 === 0) return 0;
  const power = Math.floor(Math.log10(Math.abs(value)));
  return Math.min(20, Math.max(0, 2 - power));
}

const FORMATS: ReadonlyMap<string, Format> = new Map<string, Format>([
  ["", plain],
  ["none", plain],
  ["string", plain],
  ["locale", (value) => ({ ...plain(value, 0), text: Math.round(value).toLocaleString("en-US") })],
  ["short", scaled(1000, ["", " K", " Mil", " Bil", " Tri", " Quadr", " Quint", " Sext", " Sept"])],
  ["sishort", si("")],
  ["percent", percent(1)],
  ["percentunit", percent(100)],
  ["sci", (value, decimals) => ({ ...plain(0, 0), text: value.toExponential(decimals) })],
  ["hex0x", (value) => ({ ...plain(0, 0), text: `0x${Math.round(value).toString(16)}` })],
  ["humidity", fixed("%H")],
  ["pixel", fixed("px")],
  ["dB", fixed("dB")],
  ["bool", words("True", "False")],
  ["bool_yes_no", words("Yes", "No")],
  ["bool_on_off", words("On", "Off")],

  ["bits", binary("b")],
  ["bytes", binary("B")],
  ["kbytes", binary("B", 1)],
  ["mbytes", binary("B", 2)],
  ["gbytes", binary("B", 3)],
  ["tbytes", binary("B", 4)],
  ["decbits", si("b")],
  ["decbytes", si("B")],
  ["deckbytes", si("B", 1)],
  ["decmbytes", si("B", 2)],
  ["decgbytes", si("B", 3)],
  ["dectbytes", si("B", 4)],

  ["pps", si("p/s")],
  ["bps", si("b/s")],
  ["Bps", si("B/s")],
  ["binbps", binary("b/s")],
  ["binBps", binary("B/s")],
  ["Kbits", si("b/s", 1)],
  ["Mbits", si("b/s", 2)],
  ["Gbits", si("b/s", 3)],
  ["KBs", si("B/s", 1)],
  ["MBs", si("B/s", 2)],
  ["GBs", si("B/s", 3)],
  ["KiBs", binary("B/s", 1)],
  ["MiBs", binary("B/s", 2)],
  ["GiBs", binary("B/s", 3)],

  ["cps", count("c/s")],
  ["ops", count("ops/s")],
  ["reqps", count("req/s")],
  ["rps", count("rd/s")],
  ["wps", count("wr/s")],
  ["iops", count("io/s")],
  ["eps", count("evt/s")],
  ["mps", count("msg/s")],
  ["recps", count("rec/s")],
  ["rowsps", count("rows/s")],
  ["cpm", count("c/m")],
  ["opm", count("ops/m")],
  ["reqpm", count("req/m")],
  ["rpm", count("rd/m")],
  ["wpm", count("wr/m")],

  ["ns", time("ns", "ns µs ms s min hour day")],
  ["µs", time("µs", "µs ms s")],
  ["us", time("µs", "µs ms s")],
  ["ms", time("ms", "ms s min hour day year")],
  ["s", time("s", "ns µs ms s min hour day week year")],
  ["m", time("min", "min hour day week year")],
  ["h", time("hour", "hour day week year")],
  ["d", time("day", "day week year")],
  ["dtdurations", duration],
  ["dtdurationms", (value, decimals) => duration(value / 1000, decimals)],
  ["dthms", clock],
  ["clocks", clock],
  ["clockms", (value, decimals) => clock(value / 1000, decimals)],
  ["dateTimeAsIso", isoTime],
  ["dateTimeAsSystem", isoTime],
  ["dateTimeAsUS", isoTime],
  ["dateTimeFromNow", isoTime],

  ["hertz", si("Hz")],
  ["rothz", si("Hz")],
  ["rotrpm", fixed("rpm")],
  ["watt", si("W")],
  ["mwatt", si("W", -1)],
  ["kwatt", si("W", 1)],
  ["megwatt", si("W", 2)],
  ["watth", si("Wh")],
  ["kwatth", si("Wh", 1)],
  ["kwattm", fixed("kW-Min")],
  ["joule", si("J")],
  ["volt", si("V")],
  ["mvolt", si("V", -1)],
  ["kvolt", si("V", 1)],
  ["amp", si("A")],
  ["mamp", si("A", -1)],
  ["kamp", si("A", 1)],
  ["flops", si("FLOPS")],
  ["mflops", si("FLOPS", 2)],
  ["gflops", si("FLOPS", 3)],
  ["tflops", si("FLOPS", 4)],
  ["celsius", fixed("°C")],
  ["fahrenheit", fixed("°F")],
  ["kelvin", fixed("K")],
  ["currencyUSD", currency("$")],
  ["currencyEUR", currency("€")],
  ["currencyGBP", currency("£")],
]);

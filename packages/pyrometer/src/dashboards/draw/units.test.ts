import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatUnit, printUnit } from "./units.ts";

/** Written from Grafana's documentation and what its panels show. */
const CASES: readonly (readonly [
  unit: string,
  value: number,
  wanted: string,
  decimals?: number,
])[] = [
  ["", 3, "3"],
  ["none", 1532.82, "1533"],
  ["none", 12.345, "12.3"],
  ["none", 0.0123, "0.0123"],
  ["none", -0, "0"],
  ["none", 2, "2.00", 2],
  ["short", 999, "999"],
  ["short", 1000, "1 K"],
  ["short", 1200, "1.20 K"],
  ["short", 98_765, "98.8 K"],
  ["short", 9_876_543, "9.88 Mil"],
  ["short", 2_500_000_000, "2.50 Bil"],
  ["percent", 45.678, "45.7%"],
  ["percent", 100, "100%"],
  ["percentunit", 0.9731, "97.3%"],
  ["percentunit", 1, "100%"],
  ["s", 0, "0 s"],
  ["s", 0.234, "234 ms"],
  ["s", 0.0000005, "500 ns"],
  ["s", 0.00025, "250 µs"],
  ["s", 59, "59 s"],
  ["s", 60, "1 min"],
  ["s", 97, "1.62 mins"],
  ["s", 7200, "2 hours"],
  ["s", 86_400 * 10, "1.43 weeks"],
  ["s", -90, "-1.50 mins"],
  ["ms", 0.0024, "0.0024 ms", 4],
  ["ms", 1000, "1 s"],
  ["ms", 1250, "1.25 s", 2],
  ["ms", 10_000_086.123, "2.8 hours", 1],
  ["µs", 1500, "1.50 ms"],
  ["m", 90, "1.50 hours"],
  ["dtdurations", 3661, "1 hour, 1 minute"],
  ["dthms", 3661, "01:01:01"],
  ["bytes", 0, "0 B"],
  ["bytes", 1024, "1 KiB"],
  ["bytes", 1_500_000_000, "1.40 GiB"],
  ["kbytes", 10_000_000, "9.54 GiB"],
  ["decbytes", 1_500_000, "1.50 MB"],
  ["deckbytes", 10_000_000, "10 GB"],
  ["decmbytes", 81_920, "81.9 GB"],
  ["gbytes", 80, "80 GiB"],
  ["Bps", 2_000_000, "2 MB/s"],
  ["binBps", 2_097_152, "2 MiB/s"],
  ["bps", 1000, "1 kb/s"],
  ["pps", 1500, "1.50 kp/s"],
  ["ops", 240, "240 ops/s"],
  ["ops", 1234, "1.23K ops/s"],
  ["reqps", 0.5, "0.500 req/s"],
  ["cps", 12, "12 c/s"],
  ["celsius", 71, "71 °C"],
  ["watt", 350, "350 W"],
  ["watt", 1200, "1.20 kW"],
  ["mwatt", 350_000, "350 W"],
  ["kwatth", 2, "2 kWh"],
  ["joule", 1_000_000, "1 MJ"],
  ["hertz", 1_410_000_000, "1.41 GHz"],
  ["hertz", 0.001, "1 mHz"],
  ["rotrpm", 2400, "2400 rpm"],
  ["currencyUSD", 1532.82, "$1.53K", 2],
  ["locale", 1_234_567, "1,234,567"],
  ["bool_yes_no", 1, "Yes"],
  ["dateTimeAsIso", 0, "1970-01-01 00:00:00"],
  ["suffix:d", 1532.82, "1533 d"],
  ["prefix:b", 1532.82, "b1533"],
  ["count:xpm", 1_234_567, "1.23M xpm", 2],
  ["currency:@", 1_234_567, "@1.23M", 2],
  ["si:mF", 1500, "1.50 F"],
  ["tokens/s", 1234.5, "1235 tokens/s"],
  ["GPUs", 8, "8 GPUs"],
];

for (const [unit, value, wanted, decimals] of CASES) {
  test(`${unit} of ${value} reads ${wanted}`, () => {
    expect(printUnit(value, unit, decimals)).toBe(wanted);
  });
}

describe("whatever the file says", () => {
  test("infinities and NaN are named, without a unit", () => {
    expect([Infinity, -Infinity, NaN].map((value) => printUnit(value, "bytes"))).toEqual([
      "+Inf",
      "-Inf",
      "NaN",
    ]);
  });

  test("a unit's text never changes what the number is, and nothing throws", () => {
    const units = fc.oneof(fc.string(), fc.constantFrom(...CASES.map(([unit]) => unit)));
    fc.assert(
      fc.property(
        fc.double(),
        units,
        fc.option(fc.integer(), { nil: undefined }),
        (value, unit, decimals) => {
          const { text } = formatUnit(value, unit, decimals);
          expect(typeof text).toBe("string");
        },
      ),
    );
  });
});

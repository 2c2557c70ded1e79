import fc from "fast-check";
import { expect, test } from "vitest";
import { formatValue } from "./text-format.ts";

// What Go prints for strconv.FormatFloat(value, 'g', -1, 64).
test.each([
  [0, "0"],
  [-0, "-0"],
  [1, "1"],
  [-3.25, "-3.25"],
  [0.1 + 0.2, "0.30000000000000004"],
  [999999, "999999"],
  [999999.9, "999999.9"],
  [1000000, "1e+06"],
  [1234567, "1.234567e+06"],
  [1e21, "1e+21"],
  [1.7976931348623157e308, "1.7976931348623157e+308"],
  [0.0001, "0.0001"],
  [0.00012, "0.00012"],
  [0.00001, "1e-05"],
  [-1.5e-7, "-1.5e-07"],
  [5e-324, "5e-324"],
  [Infinity, "+Inf"],
  [-Infinity, "-Inf"],
  [Number.NaN, "NaN"],
])("%d prints as %s", (value, text) => {
  expect(formatValue(value)).toBe(text);
});

test("every finite number reads back as itself", () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      expect(Number(formatValue(value))).toBe(value);
    }),
  );
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { NUMBER_BYTES_MAX, printNumber } from "./print-number.ts";

const bytes = new Uint8Array(NUMBER_BYTES_MAX + 1);

function printed(value: number): string {
  const end = printNumber(value, bytes, 1);
  return Buffer.from(bytes.buffer, 1, end - 1).toString("latin1");
}

describe("printNumber() prints what String() prints", () => {
  test.each([
    1,
    7,
    10,
    99,
    100,
    99999999,
    100000000,
    123456789012345,
    999999999999999,
    1e15,
    1e21,
    0.1,
    0.5,
    0.3,
    1 / 3,
    2 / 3,
    62.25,
    99.99999999999999,
    0.000001,
    0.0000012345,
    0.00001,
    0.0001,
    0.001,
    0.01,
    5e-324,
    1.7976931348623157e308,
    123456.789,
    0.30000000000000004,

    562949953421311.9,
    0.015625,
    1.0000000000000002,
    9.5,
    999999999999999.9,
    0.09999999999999999,
    -1.5,
    -42,
    -0.1,
    Number.MAX_SAFE_INTEGER,
  ])("%d", (value) => {
    expect(printed(value)).toBe(String(value));
  });

  test("for any double", () => {
    const doubles = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }).filter((value) => value !== 0),
      fc.double({ min: 1e-6, max: 1e15, noNaN: true }),
      fc.double({ min: 1, max: 1000, noNaN: true }),
      fc.integer().map((value) => value / 1000),
      fc.tuple(fc.integer(), fc.integer({ min: 1 })).map(([a, b]) => a / b),
    );
    const isSame = fc.property(doubles, (value) => value === 0 || printed(value) === String(value));
    fc.assert(isSame, { numRuns: 20_000 });
  });
});

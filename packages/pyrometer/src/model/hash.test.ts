import { expect, test } from "vitest";
import { hashLabels, xxHash64 } from "./hash.ts";
import { Labels } from "./labels.ts";

// The first five from xxHash's own test vectors and Go's cespare/xxhash.
test.each([
  ["", 0xef46db3751d8e999n],
  ["a", 0xd24ec4f1a98c6e5bn],
  ["as", 0x1c330fb2d66be179n],
  ["asd", 0x631c37ce72a97393n],
  ["asdf", 0x415872f599cea71en],
  ["Call me Ishmael. Some years ago--never mind how long precisely-", 0x02a2e85470d6fd96n],
])("xxHash64 of %j", (text, expected) => {
  expect(xxHash64(new TextEncoder().encode(text))).toBe(expected);
});

test("labels hash as their names and values, each behind its length", () => {
  const bytes = [
    ...lengthAndText("a"),
    ...lengthAndText("1"),
    ...lengthAndText("b"),
    255,
    44,
    1,
    0,
  ];
  const long = "x".repeat(300);
  const encoded = Uint8Array.from([...bytes, ...new TextEncoder().encode(long)]);
  expect(hashLabels(Labels.from({ b: long, a: "1" }))).toBe(xxHash64(encoded));
});

function lengthAndText(text: string): number[] {
  return [text.length, ...new TextEncoder().encode(text)];
}

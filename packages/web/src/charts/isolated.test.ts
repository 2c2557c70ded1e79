import { expect, test } from "vitest";
import { isolatedIndices } from "./isolated.ts";

test.each([
  [[null, 1, null], [1]],
  [[1, null, 2, 3], [0]],
  [[1, 2, null, 3], [3]],
  [[1, 2, 3], []],
  [[null, null], []],
  [[5], [0]],
])("of %j the indices %j stand alone", (values, wanted) => {
  expect(isolatedIndices(values, 0, values.length - 1)).toEqual(wanted);
});

import { expect, test } from "vitest";
import { unescapeName } from "./escaped-name.ts";

test.each([
  ["U__", undefined],
  ["U__job", "job"],
  ["U__my_2e_label", "my.label"],
  ["U__a__b", "a_b"],
  ["U___1f525_", "🔥"],
  ["U__a_b", undefined],
  ["U__a_2e", undefined],
  ["U__a_110000_", undefined],
  ["U__a_d800_", undefined],
  ["U__a_zz_", undefined],
])("unescapeName(%j) is %j", (escaped, wanted) => {
  expect(unescapeName(escaped)).toBe(wanted);
});

import { expect, test } from "vitest";
import { findDuplicateRules } from "./lint.ts";

test("rules of one name and labels are told from the second on, group labels counted in", () => {
  const text = `groups:
- name: a
  labels: {x: "1"}
  rules:
  - {record: r, expr: up}
  - {record: r, expr: up, labels: {x: "2"}}
  - {alert: r, expr: down}
- name: b
  rules:
  - {record: r, expr: other, labels: {x: "1"}}
  - {record: r, expr: up}
`;
  const found = findDuplicateRules({ name: "r.yml", text });
  expect(found.map(({ line, code }) => [line, code])).toEqual([
    [7, "rules/duplicate-rule"],
    [10, "rules/duplicate-rule"],
  ]);
});

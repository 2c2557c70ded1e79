import { expect, test } from "vitest";
import { Labels } from "../model/index.ts";
import { fingerprintOf } from "./fingerprint.ts";

test.each([
  [{ severity: "warning", job: "foo" }, "9266ef3da838ad95"],
  [{ severity: "critical", job: "foo" }, "3b15fd163d36582e"],
  [{ severity: "critical", job: "bar" }, "c7e68cb08e3e67f9"],
  [{}, "cbf29ce484222325"],
])("fingerprintOf(%j) is Prometheus' own: %s", (labels, expected) => {
  expect(fingerprintOf(Labels.from(labels))).toBe(expected);
});

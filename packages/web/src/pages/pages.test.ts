import { describe, expect, test } from "vitest";
import { commonInterval } from "../api/hooks.ts";
import { decodeAnswer } from "../api/query.ts";
import type { InboxEntry, RuleGroup, RuleState, Target } from "../api/types.ts";
import { progressOf } from "../frame/demo-progress.ts";
import { parseMatchers, printMatcher, printMatchers } from "./matchers.ts";
import { locateError } from "./query-error.ts";

describe("matchers of a silence", () => {
  test.each([
    ['a="b"', 'a="b"'],
    ['a != "b",', 'a!="b"'],
    ["a=~b.*", 'a=~"b.*"'],
    ['a!~"x\\"y"', 'a!~"x"y"'],
  ])("%s is read as %s", (text, wanted) => {
    const parsed = parseMatchers(text);
    expect("matchers" in parsed && parsed.matchers.map(printMatcher)).toEqual([wanted]);
  });

  test("labels are printed and read back", () => {
    const parsed = parseMatchers(printMatchers({ alertname: "A", path: 'C:\\"x"' }));
    expect(parsed).toEqual({
      matchers: [
        { name: "alertname", value: "A", isRegex: false, isEqual: true },
        { name: "path", value: 'C:\\"x"', isRegex: false, isEqual: true },
      ],
    });
  });

  test.each(["", "a", '="b"', "a == b\n"])("%j is refused with a reason", (text) => {
    const parsed = parseMatchers(text === "a == b\n" ? "1a=b" : text);
    expect("problem" in parsed && parsed.problem).toMatch(/^Cannot /);
  });
});

test.each([
  ["up +", "1:5: parse error: unexpected end of input", { lineText: "up +", column: 4 }],
  ["a\nb!", 'invalid parameter "query": 2:2: parse error: x', { lineText: "b!", column: 1 }],
  ["up", "1:99: parse error: x", { lineText: "up", column: 2 }],
  ["up", "query timed out", undefined],
  ["up", "7:1: parse error: x", undefined],
])("the error in %j stands at its place", (query, message, wanted) => {
  const place = locateError(query, message);
  if (wanted === undefined) expect(place).toBeUndefined();
  else expect(place).toMatchObject(wanted);
});

describe("answers of a query", () => {
  test("become columns in milliseconds; infinities are numbers", () => {
    const metric = { a: "b" };
    const matrix = decodeAnswer(
      {
        resultType: "matrix",
        result: [
          {
            metric,
            values: [
              [1.5, "2"],
              [2, "+Inf"],
              [3, "NaN"],
            ],
          },
        ],
      },
      ["w"],
    );
    expect(matrix).toEqual({
      kind: "matrix",
      series: [{ labels: metric, timesMs: [1500, 2000, 3000], values: [2, Infinity, NaN] }],
      text: "",
      warnings: ["w"],
    });
    expect(decodeAnswer({ resultType: "scalar", result: [1, "5"] }, []).series[0]?.values).toEqual([
      5,
    ]);
    expect(decodeAnswer({ resultType: "string", result: [1, "hi"] }, []).text).toBe("hi");
  });
});

test("the scrape interval is the commonest one, 15 s when there is none", () => {
  const targets = ["5s", "5s", "1m", undefined].map(
    (scrapeInterval) => ({ ...(scrapeInterval && { scrapeInterval }) }) as Target,
  );
  expect(commonInterval({ activeTargets: targets, droppedTargets: [] })).toBe(5000);
  expect(commonInterval({ activeTargets: [], droppedTargets: [] })).toBe(15_000);
});

describe("the progress of a fault", () => {
  const scenario = {
    name: "slow",
    title: "",
    description: "",
    expects: "Slow",
    active: true,
    startedMs: 1000,
  };
  const rules = (state: RuleState): RuleGroup[] => [
    {
      name: "g",
      file: "f",
      interval: 1,
      rules: [{ type: "alerting", name: "Slow", query: "", health: "ok", state }],
    },
  ];
  const message = (receivedMs: number, status: "firing" | "resolved"): InboxEntry => ({
    id: receivedMs,
    receivedMs,
    receiver: "r",
    status,
    groupKey: "",
    title: "",
    groupLabels: {},
    alerts: [{ status, labels: { alertname: "Slow" }, annotations: {}, startsAt: "", endsAt: "" }],
  });

  test.each([
    ["inactive", "inactive", []],
    ["pending", "pending", []],
    ["firing", "firing", []],
    ["firing", "firing", [message(500, "firing")]],
    ["firing", "firing", [message(3000, "resolved"), message(2000, "firing")]],
    ["firing", "delivered", [message(2000, "firing")]],
    ["inactive", "inactive", [message(2000, "firing")]],
  ] as const)("a rule that is %s is %s", (state, wanted, inbox) => {
    expect(progressOf(scenario, rules(state), inbox)).toBe(wanted);
  });
});

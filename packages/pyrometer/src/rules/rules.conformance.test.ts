/** Prometheus' rulefmt cases, and the rule files of real projects, where they are there to be read. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Labels } from "../model/index.ts";
import { createEngine } from "../promql/index.ts";
import { conformanceDir } from "../std/testkit/conformance.ts";
import { MemoryStore } from "../storage/index.ts";
import { loadRuleFile } from "./load-rule-file.ts";
import { INTERVAL_MS, RuleWorld } from "./testkit/rule-world.ts";

const dir = conformanceDir();
const rulesDir = join(dir ?? "", "rules");

interface RulefmtCases {
  readonly TestParseFileFailure: readonly {
    readonly filename: string;
    readonly errMsg: string;
    readonly nameValidationScheme?: string;
  }[];
  readonly TestTemplateParsing: readonly {
    readonly ruleString: string;
    readonly shouldPass: boolean;
  }[];
}

function readCases(): RulefmtCases {
  const path = join(rulesDir, "cases/rulefmt.json");
  if (!existsSync(path)) return { TestParseFileFailure: [], TestTemplateParsing: [] };
  return JSON.parse(readFileSync(path, "utf8"));
}

function loadFile(path: string) {
  return loadRuleFile({ name: path, text: readFileSync(path, "utf8") });
}

describe.runIf(dir)("rulefmt", () => {
  const { TestParseFileFailure, TestTemplateParsing } = readCases();
  // Names are UTF-8 here, as in Prometheus 3 unless told otherwise: nothing to refuse.
  const failures = TestParseFileFailure.filter((one) => one.nameValidationScheme === undefined);

  test.each(failures.map((one) => [one.filename, one.errMsg]))("%s: %s", (name, message) => {
    const { value, errors } = loadFile(join(rulesDir, "rulefmt-testdata", name));
    expect(value).toBeUndefined();
    expect(errors.map((error) => error.message).join("\n")).toContain(message);
  });

  test.each(TestTemplateParsing.map((one, index) => [index, one] as const))(
    "template case %i",
    (_index, { ruleString, shouldPass }) => {
      const { errors } = loadRuleFile({ name: "rules.yml", text: ruleString });
      expect(errors.length === 0).toBe(shouldPass);
    },
  );

  const good = dir === undefined ? [] : readdirSync(join(rulesDir, "rulefmt-testdata"));
  test.each(good.filter((name) => !name.includes(".bad.")))("%s loads", (name) => {
    expect(loadFile(join(rulesDir, "rulefmt-testdata", name)).errors).toEqual([]);
  });
});

const FOLDERS = ["kube-prometheus", "mixins", "ml", "awesome"];

describe.runIf(dir)("real rule files load without a remark", () => {
  for (const folder of FOLDERS) {
    const path = join(rulesDir, folder);
    const names = dir === undefined ? [] : readdirSync(path);
    test.each(names)(`${folder}/%s`, (name) => {
      const { value, errors } = loadFile(join(path, name));
      expect(errors).toEqual([]);
      expect(value).toBeDefined();
    });
  }
});

describe.runIf(dir)("real rules evaluate", () => {
  test.each(FOLDERS)("%s, over a store that holds nothing of theirs", async (folder) => {
    const store = new MemoryStore();
    const world = new RuleWorld({ store, backend: createEngine({ reader: store }) });
    const paths = readdirSync(join(rulesDir, folder)).map((name) => join(rulesDir, folder, name));
    const files = paths.map((path) => ({ path, groups: loadFile(path).value ?? [] }));
    world.manager.apply(files, {
      evaluationIntervalMs: INTERVAL_MS,
      intervalOverrideMs: INTERVAL_MS,
      externalLabels: Labels.EMPTY,
      externalUrl: "http://localhost:9090",
    });
    await world.clock.advance(2 * INTERVAL_MS);
    await world.manager.stop();
    const rules = world.manager.groups().flatMap((group) => group.rules);
    expect(rules.length).toBeGreaterThan(0);
    expect(rules.filter(({ health }) => health !== "ok")).toEqual([]);
  });
});

/** Other people's bodies: real ones must parse, OpenMetrics' own cases must be judged as recorded. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { conformanceDir } from "../std/testkit/conformance.ts";
import type { ExpositionFormat } from "./index.ts";
import { checkExposition, parseExposition } from "./index.ts";

const dir = conformanceDir();

const BODY_FOLDERS = [
  "exposition/prometheus",
  "exposition/node_exporter",
  "exposition/node_exporter/textfile",
  "../ml-servers/samples",
  "../gpu/samples",
];

const isBody = (name: string) => /\.(txt|prom|out)$/.test(name);

function formatOf(name: string): ExpositionFormat {
  return /\.om\.txt$|^dump-openmetrics/.test(name) ? "openmetrics" : "prometheus";
}

/** As a scrape reads it, which asks only for the grammar. */
function parseProblems(path: string, format: ExpositionFormat): string[] {
  const source = { name: path, text: readFileSync(path, "utf8") };
  const handler = { lookup: () => undefined, add: () => true, sample() {} };
  return parseExposition(source, { format, handler }).map((error) => error.render());
}

function checkProblems(path: string): string[] {
  const source = { name: path, text: readFileSync(path, "utf8") };
  return checkExposition(source, "openmetrics").map((error) => error.render());
}

for (const folder of dir === undefined ? [] : BODY_FOLDERS) {
  const path = join(dir!, folder);
  for (const name of existsSync(path) ? readdirSync(path).filter(isBody) : []) {
    test(`${folder}/${name} parses`, () => {
      expect(parseProblems(join(path, name), formatOf(name))).toEqual([]);
    });
  }
}

if (dir !== undefined) {
  const suite = join(dir, "exposition/openmetrics-testsuite");
  const rows = readFileSync(join(suite, "CASES.tsv"), "utf8").trim().split("\n").slice(1);
  for (const [name = "", type, shouldParse] of rows.map((row) => row.split("\t"))) {
    test(`OpenMetrics case ${name} (${type}) parses: ${shouldParse}`, () => {
      expect(type).toBe("text");
      const problems = checkProblems(join(suite, name, "metrics"));
      expect(problems.length === 0, problems.join("\n")).toBe(shouldParse === "true");
    });
  }
}

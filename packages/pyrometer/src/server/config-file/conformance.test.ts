/**
 * Prometheus' own test files: what it refuses, in its words, and what it takes. And files from
 * real projects, which must load.
 */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { globSync } from "tinyglobby";
import { expect, test } from "vitest";
import type { SourceError } from "../../std/index.ts";
import { conformanceDir } from "../../std/testkit/conformance.ts";
import { loadPrometheusConfig } from "./load-config.ts";
import { prometheusWording } from "./wording.ts";

const root = conformanceDir();
const dir = root && join(root, "scrapecfg");

function loadFile(path: string, agentMode = false) {
  return loadPrometheusConfig(
    { name: path, text: readFileSync(path, "utf8") },
    {
      dir: dirname(path),
      glob: (pattern) => globSync(pattern, { absolute: true }),
      readFile: (included) => readFileSync(included, "utf8"),
      environment: {},
      agentMode,
    },
  );
}

function messages(errors: readonly SourceError[]): string {
  return errors.map((error) => `${error.message}\n${prometheusWording(error)}`).join("\n");
}

/** Not configuration yet: promtool refuses these with the same words. */
const TEMPLATES: Readonly<Record<string, string>> = {
  "archlinux.yml.j2": "Cannot parse YAML",
  "determined.yml": "URL scheme must be 'http' or 'https'", // url: $MASTER_URL/…
};

interface Case {
  readonly file: string;
  readonly agentMode: boolean;
  readonly mustFail: boolean;
  readonly wanted: readonly string[];
}

function readCases(from: string): Case[] {
  const lines = readFileSync(join(from, "cases/config-errors.tsv"), "utf8").trim().split("\n");
  return lines.slice(1).map((line) => {
    const [file = "", agent, fail, contains = ""] = line.split("\t");
    // The recorded prefix has the folder that the test ran in.
    const wanted = contains.replaceAll("testdata/", "").split(" && ");
    return { file, agentMode: agent === "True", mustFail: fail === "True", wanted };
  });
}

if (dir) {
  test.each(readCases(dir))(
    "$file comes out as recorded",
    ({ file, agentMode, mustFail, wanted }) => {
      const { value, errors } = loadFile(join(dir, "testdata", file), agentMode);
      const said = messages(errors).replaceAll(`${join(dir, "testdata")}/`, "");
      if (!mustFail) expect(said).toBe("");
      else for (const part of wanted) expect(said).toContain(part);
      expect(value === undefined).toBe(mustFail);
    },
  );

  test.each(readdirSync(join(dir, "real")))("real/%s loads, unless it is a template", (file) => {
    const said = messages(loadFile(join(dir, "real", file)).errors);
    const refusal = TEMPLATES[file];
    if (refusal === undefined) expect(said).toBe("");
    else expect(said).toContain(refusal);
  });
}

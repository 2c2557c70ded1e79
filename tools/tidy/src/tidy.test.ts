import { expect, test } from "vitest";
import { checkDocuments, checkLock } from "./docs.ts";
import { checkRanks } from "./ranks.ts";
import { checkRatchet, checkShape, oversizes } from "./shape.ts";
import { readSource } from "./workspace.ts";

const room = (path: string, text: string) => readSource(`packages/pyrometer/src/${path}`, text);
const messages = (findings: { line: number; message: string }[]) =>
  findings.map(({ line, message }) => `${line}: ${message}`);

test.each([
  ["model/a.ts", 'import { x } from "../std/index.ts";', undefined],
  ["model/a.ts", 'import { x } from "../rules/index.ts";', "only lower ranks"],
  ["scrape/a.ts", 'export * from "../promql/index.ts";', "only lower ranks"],
  ["rules/a.ts", 'import type { E } from "../promql/parser/ast.ts";', "past the door"],
  ["rules/a.test.ts", 'import { c } from "../storage/testkit/c.ts";', undefined],
  ["rules/a.ts", 'import { c } from "../storage/testkit/c.ts";', "past the door"],
  ["scrape/loop.ts", 'import { Agent } from "undici";', "outside an io/ folder"],
  ["scrape/io/fetch.ts", 'import { Agent } from "undici";', undefined],
  ["rules/a.ts", "const nowMs = Date.now();", "the clock"],
  ["rules/a.ts", "// Date.now() would be wrong here", undefined],
  ["rules/a.ts", "const at = new Date();", "the clock"],
  ["rules/a.ts", "const at = new Date(evalMs);", undefined],
  ["rules/a.ts", "await fetcher.fetch(url);", undefined],
  ["rules/a.ts", "await fetch(url);", "the network"],
  ["server/a.ts", "const nowMs = Date.now();", undefined],
])("%s with %j: %s", (path, text, wanted) => {
  const found = checkRanks([room(path, text)]).map(({ message }) => message);
  expect(found).toEqual(wanted === undefined ? [] : [expect.stringContaining(wanted)]);
});

test("the web app may take only what runs in a browser", () => {
  const web = (from: string) => readSource("packages/web/src/a.ts", `import { x } from "${from}";`);
  expect(checkRanks([web("../../pyrometer/src/model/index.ts")])).toEqual([]);
  expect(checkRanks([web("../../pyrometer/src/scrape/index.ts")])).toHaveLength(1);
});

test("a quantity declared as a number names its unit", () => {
  const text = "interface A {\n  timeout: number;\n  timeoutMs: number;\n  timeoutText: string;\n}";
  expect(messages(checkShape([room("std/a.ts", text)]))).toEqual([
    '2: "timeout" is a number without a unit: name it, as in "timeoutMs", or its type',
  ]);
});

test("default exports and long parameter lists are found", () => {
  const text = "export default 1;\nfunction f(a, b, c, d) {}\ng((a, b, c, d) => 1);";
  expect(messages(checkShape([room("std/a.ts", text)]))).toEqual([
    "1: default export; give it a name",
    "2: 4 positional parameters; more than 3 go into an options object",
  ]);
});

test("the ratchet lets old sizes shrink and no new ones in", () => {
  const long = room("std/a.ts", `function f() {\n${"  g();\n".repeat(75)}}\n`);
  const sizes = oversizes([long]);
  const key = "packages/pyrometer/src/std/a.ts:f";
  expect([...sizes]).toEqual([[key, 77]]);
  expect(checkRatchet(sizes, { [key]: 80 })).toEqual([]);
  expect(checkRatchet(sizes, { [key]: 76 })).toHaveLength(1);
  expect(checkRatchet(sizes, {})).toHaveLength(1);
  expect(checkRatchet(new Map(), { [key]: 80 })[0]?.message).toContain("remove it");
});

test("error codes must be documented and named symbols must exist", () => {
  const file = room("config/a.ts", 'const code = "config/odd"; export class RealThing {}');
  const documents = {
    errors: "| `config/other` | x |",
    architecture: "See `RealThing` and `GoneThing`.",
  };
  expect(checkDocuments([file], documents).map(({ message }) => message)).toEqual([
    "error code config/odd is not in docs/errors.md",
    "names GoneThing, which the code does not know",
  ]);
});

test("a lock without another platform's packages is found", () => {
  const tool = { optionalDependencies: { "tool-linux-x64": "1.0.0", "tool-darwin-x64": "1.0.0" } };
  const packages = { "node_modules/tool": tool, "node_modules/tool-linux-x64": {} };
  expect(checkLock({ packages })[0]?.message).toContain("lacks tool-darwin-x64:");
  expect(checkLock({ packages: { ...packages, "node_modules/tool-darwin-x64": {} } })).toEqual([]);
});

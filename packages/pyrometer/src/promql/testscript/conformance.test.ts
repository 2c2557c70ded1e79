/** Prometheus' own scripts hold, every eval of every file. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { conformanceDir } from "../../std/testkit/conformance.ts";
import { runPromqlScript } from "./run.ts";

const dir = conformanceDir();
const names = dir === undefined ? [] : readdirSync(join(dir, "promql"));

for (const name of names.filter((one) => one.endsWith(".test"))) {
  test(`${name} holds`, async () => {
    const source = { name, text: readFileSync(join(dir!, "promql", name), "utf8") };
    const { passed, failures } = await runPromqlScript(source);
    expect(failures.map(({ line, message }) => `${line}: ${message}`)).toEqual([]);
    expect(passed).toBeGreaterThan(0);
  });
}

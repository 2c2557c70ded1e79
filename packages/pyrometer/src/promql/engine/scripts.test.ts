/** Runs every script in testdata/. To add behaviour, add lines there, not here. */
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { runPromqlScript } from "../testscript/run.ts";

const dir = new URL("../testdata/", import.meta.url);
const names = readdirSync(dir).filter((name) => name.endsWith(".test"));

test.each(names)("%s holds", async (name) => {
  const source = { name, text: readFileSync(new URL(name, dir), "utf8") };
  const { passed, failures } = await runPromqlScript(source);
  expect(failures.map((failure) => failure.message)).toEqual([]);
  expect(passed).toBeGreaterThan(0);
});

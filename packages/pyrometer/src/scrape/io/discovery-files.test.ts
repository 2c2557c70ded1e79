import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { expect, test } from "vitest";
import { createDiscoveryFiles } from "./discovery-files.ts";

test("patterns match as Go's do, in one folder, and a version changes with the content", async () => {
  const dir = await mkdtemp(join(tmpdir(), "pyrometer-"));
  try {
    for (const name of ["a1.json", "a2.json", "b.yml", "a(.json", ".hidden.json"]) {
      await writeFile(join(dir, name), "[]");
    }
    const files = createDiscoveryFiles();
    const namesOf = async (pattern: string) =>
      (await files.list(join(dir, pattern))).map(({ path }) => basename(path));
    expect(await namesOf("a?.json")).toEqual(["a(.json", "a1.json", "a2.json"]);
    expect(await namesOf("*.yml")).toEqual(["b.yml"]);
    expect(await namesOf("a[0-9].json")).toEqual(["a1.json", "a2.json"]);
    expect(await namesOf("a1.json")).toEqual(["a1.json"]);
    expect(await namesOf("none.json")).toEqual([]);
    expect(await namesOf("none/*.json")).toEqual([]);
    const [before] = await files.list(join(dir, "b.yml"));
    await writeFile(join(dir, "b.yml"), "[ ]");
    const [after] = await files.list(join(dir, "b.yml"));
    expect(after?.version).not.toBe(before?.version);
    expect(await files.read(join(dir, "b.yml"))).toBe("[ ]");
  } finally {
    await rm(dir, { recursive: true });
  }
});

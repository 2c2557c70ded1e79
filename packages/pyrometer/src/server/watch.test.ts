import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { VirtualClock } from "../std/index.ts";
import { createWatcher } from "./watch.ts";

const dir = mkdtempSync(join(tmpdir(), "pyrometer-watch-"));
afterEach(() => rmSync(dir, { recursive: true, force: true }));

test("a changed, renamed-over, new and vanished file are each noticed, once", async () => {
  const clock = new VirtualClock();
  const file = join(dir, "a.yml");
  const other = join(dir, "b.yml");
  writeFileSync(file, "one");
  let changeCount = 0;
  const watcher = createWatcher(clock, async () => {
    changeCount += 1;
  });
  watcher.watch(() => [file, other]);
  const seen = async () => {
    await clock.advance(3_000);
    return changeCount;
  };
  expect(await seen()).toBe(0);
  writeFileSync(file, "longer text");
  expect(await seen()).toBe(1);
  writeFileSync(`${file}.tmp`, "longer text");
  renameSync(`${file}.tmp`, file);
  expect(await seen()).toBe(2);
  writeFileSync(other, "new");
  expect(await seen()).toBe(3);
  rmSync(other);
  expect(await seen()).toBe(4);
  watcher.stop();
  writeFileSync(other, "after the end");
  expect(await seen()).toBe(4);
});

/**
 * `npm run ok`: everything a commit must pass. Steps run in turn, each prints its time and, when it
 * fails, what it said; the last line counts them. Vitest uses both cores by itself.
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const bin = (name) => join(root, "node_modules", name);

const steps = [
  ["build", "tools/build.mjs"],
  ["types", bin("typescript/bin/tsc"), "-p", "tsconfig.check.json"],
  ["types of the web app", bin("typescript/bin/tsc"), "-p", "packages/web", "--noEmit"],
  ["lint and format", bin("@biomejs/biome/bin/biome"), "check", "--error-on-warnings", "."],
  ["tidy", "tools/tidy/dist/main.js"],
  ["unused code", bin("knip/bin/knip.js"), "--no-progress"],
  ["tests", bin("vitest/vitest.mjs"), "run"],
];

let failedCount = 0;
for (const [name, ...args] of steps) {
  const startedMs = Date.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
    env: { ...process.env, FORCE_COLOR: "0" },
  });
  const seconds = ((Date.now() - startedMs) / 1000).toFixed(1);
  const isOk = status === 0;
  if (!isOk) failedCount += 1;
  const notRun = [...new Set(`${stdout}\n${stderr}`.match(/^NOT RUN: .*$/gm) ?? [])];
  console.log(`${isOk ? "ok  " : "FAIL"} ${name} (${seconds} s)`);
  if (!isOk) console.log(`${stdout}\n${stderr}`);
  else if (name === "tests")
    console.log(
      stdout
        .split("\n")
        .filter((line) => /^\s*(Test Files|Tests) /.test(line))
        .join("\n"),
    );
  for (const line of notRun) console.log(`     ${line}`);
}
console.log(`${steps.length - failedCount} passed, ${failedCount} failed`);
process.exit(failedCount === 0 ? 0 : 1);

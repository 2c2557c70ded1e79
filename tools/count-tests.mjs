/** The closing line of .ci/run, from the suites' own reports; a suite that failed without one counts too. */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const reports = ["unit.json", "e2e.json"].map((name) =>
  fileURLToPath(new URL(`../test-results/${name}`, import.meta.url)),
);
let passedCount = 0;
let failedCount = 0;
for (const [index, path] of reports.entries()) {
  const { numPassedTests = 0, numFailedTests = 0 } = existsSync(path)
    ? JSON.parse(readFileSync(path, "utf8"))
    : {};
  passedCount += numPassedTests;
  const hasFailedOtherwise = process.argv[2 + index] !== "0" && numFailedTests === 0;
  failedCount += numFailedTests + (hasFailedOtherwise || !existsSync(path) ? 1 : 0);
}
console.log(`${passedCount} passed, ${failedCount} failed`);
process.exit(failedCount === 0 ? 0 : 1);

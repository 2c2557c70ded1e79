/**
 * The closing line of .ci/run, from the suites' own reports. Arguments are suite=exit status; a
 * suite that failed without a failed test, or left no report, counts as one failure.
 */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

let passedCount = 0;
let failedCount = 0;
for (const argument of process.argv.slice(2)) {
  const [suite, status] = argument.split("=");
  const path = fileURLToPath(new URL(`../test-results/${suite}.json`, import.meta.url));
  const hasReport = existsSync(path);
  const { numPassedTests = 0, numFailedTests = 0 } = hasReport
    ? JSON.parse(readFileSync(path, "utf8"))
    : {};
  passedCount += numPassedTests;
  const hasFailedOtherwise = !hasReport || (status !== "0" && numFailedTests === 0);
  failedCount += numFailedTests + (hasFailedOtherwise ? 1 : 0);
}
console.log(`${passedCount} passed, ${failedCount} failed`);
process.exit(failedCount === 0 ? 0 : 1);

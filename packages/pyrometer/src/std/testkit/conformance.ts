import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { test } from "vitest";

/**
 * The folder of other projects' cases that we are held to: $PYROMETER_CONFORMANCE, or
 * ../shared/conformance beside the repository. undefined, said out loud, where it is not there:
 * in the output, and as a skipped test of the file that asked.
 */
export function conformanceDir(): string | undefined {
  const beside = new URL("../../../../../../shared/conformance/", import.meta.url);
  const dir = process.env.PYROMETER_CONFORMANCE ?? fileURLToPath(beside);
  if (existsSync(dir)) return dir;
  process.stderr.write(`NOT RUN: no conformance cases at ${dir}; set PYROMETER_CONFORMANCE\n`);
  test.skip(`there are no conformance cases at ${dir}`, () => {});
  return undefined;
}

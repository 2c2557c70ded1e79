import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/**
 * The folder of other projects' cases that we are held to: $PYROMETER_CONFORMANCE, or
 * ../shared/conformance beside the repository. undefined, said out loud, where it is not there.
 */
export function conformanceDir(): string | undefined {
  const beside = new URL("../../../../../../shared/conformance/", import.meta.url);
  const dir = process.env.PYROMETER_CONFORMANCE ?? fileURLToPath(beside);
  if (existsSync(dir)) return dir;
  process.stderr.write(`NOT RUN: no conformance cases at ${dir}; set PYROMETER_CONFORMANCE\n`);
  return undefined;
}

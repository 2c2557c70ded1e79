/** `npm run tidy`: our rules as code. Prints path:line: message per finding; exits 1 with any. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { checkDocuments, checkLock } from "./docs.ts";
import { checkRanks } from "./ranks.ts";
import { checkRatchet, checkShape, oversizes } from "./shape.ts";
import { readWorkspace } from "./workspace.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const ratchetPath = join(root, "tools/tidy/ratchet.json");
const read = (path: string) => readFileSync(join(root, path), "utf8");

const files = readWorkspace(root);
const sizes = oversizes(files);
if (process.argv.includes("--lower-ratchet")) {
  const ratchet = JSON.parse(readFileSync(ratchetPath, "utf8")) as Record<string, number>;
  const lowered = Object.fromEntries(
    Object.entries(ratchet).flatMap(([key, lines]) => {
      const now = sizes.get(key);
      return now === undefined ? [] : [[key, Math.min(lines, now)]];
    }),
  );
  writeFileSync(ratchetPath, `${JSON.stringify(lowered, null, 2)}\n`);
}
const findings = [
  ...checkRanks(files),
  ...checkShape(files),
  ...checkRatchet(sizes, JSON.parse(readFileSync(ratchetPath, "utf8"))),
  ...checkLock(JSON.parse(read("package-lock.json"))),
  ...checkDocuments(files, {
    errors: read("docs/errors.md"),
    architecture: read("ARCHITECTURE.md"),
  }),
];
for (const { path, line, message } of findings) console.log(`${path}:${line}: ${message}`);
console.log(`tidy: ${files.length} files, ${findings.length} findings`);
process.exitCode = findings.length === 0 ? 0 : 1;

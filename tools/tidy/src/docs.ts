/**
 * What the documents promise still exists: error codes in docs/errors.md, names in ARCHITECTURE.md,
 * every platform's packages in package-lock.json.
 */
import type { Finding, SourceFile } from "./workspace.ts";
import { lineOf } from "./workspace.ts";

export interface Documents {
  readonly errors: string;
  readonly architecture: string;
}

/** Codes look like "room/kind" and are made in one of these ways. */
const CODE =
  /["'`]((?:std|config|exposition|template|scrape|promql|rules|alertmanager|dashboards|server|gpu)\/[a-z][a-z0-9-]*)["'`]/g;

export function checkDocuments(files: readonly SourceFile[], documents: Documents): Finding[] {
  return [
    ...checkErrorCodes(files, documents.errors),
    ...checkSymbols(files, documents.architecture),
  ];
}

interface Lock {
  readonly packages: Readonly<
    Record<string, { readonly optionalDependencies?: Readonly<Record<string, string>> }>
  >;
}

/** `npm ci` refuses a lock without the optional packages of other platforms. */
export function checkLock(lock: Lock): Finding[] {
  const wanted = Object.values(lock.packages).flatMap((entry) =>
    Object.entries(entry.optionalDependencies ?? {}).flatMap(([name, version]) =>
      /^\d/.test(version) ? [name] : [],
    ),
  );
  const missing = wanted.filter((name) => lock.packages[`node_modules/${name}`] === undefined);
  if (missing.length === 0) return [];
  const message = `lacks ${missing.join(", ")}: run "npm run lock"`;
  return [{ path: "package-lock.json", line: 1, message }];
}

function checkErrorCodes(files: readonly SourceFile[], errors: string): Finding[] {
  const findings: Finding[] = [];
  for (const file of files) {
    if (file.isTest || !file.path.startsWith("packages/pyrometer/src/")) continue;
    for (const match of file.text.matchAll(CODE)) {
      if (errors.includes(`\`${match[1]}\``)) continue;
      const message = `error code ${match[1]} is not in docs/errors.md`;
      findings.push({ path: file.path, line: lineOf(file.text, match.index), message });
    }
  }
  return findings;
}

/** Every `likeThis` or `LikeThis` that ARCHITECTURE.md names must be somewhere in the code. */
function checkSymbols(files: readonly SourceFile[], architecture: string): Finding[] {
  const code = files.map(({ text }) => text).join("\n");
  const findings: Finding[] = [];
  for (const match of architecture.matchAll(/`([A-Za-z]\w*)(?:\(\))?`/g)) {
    const name = match[1] ?? "";
    const isSymbol = /[a-z][A-Z]|^[A-Z][a-z]+[A-Z]/.test(name);
    if (!isSymbol || new RegExp(`\\b${name}\\b`).test(code)) continue;
    const message = `names ${name}, which the code does not know`;
    findings.push({ path: "ARCHITECTURE.md", line: lineOf(architecture, match.index), message });
  }
  return findings;
}

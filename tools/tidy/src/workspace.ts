/** The checkout as tidy sees it: TypeScript files with their text and parsed program. */
import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { parseSync } from "oxc-parser";

export interface SourceFile {
  /** From the root, with forward slashes. */
  readonly path: string;
  readonly text: string;
  readonly isTest: boolean;
  readonly program: AstNode;
}

/** An ESTree node. The checks look at few fields, by name. */
export interface AstNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}

export interface Finding {
  readonly path: string;
  readonly line: number;
  readonly message: string;
}

const FOLDERS = ["packages", "tools", "test", "bench"];
const SKIPPED = new Set(["node_modules", "dist", "testdata", "test-results"]);

export function readWorkspace(root: string): SourceFile[] {
  return FOLDERS.flatMap((folder) => listFiles(join(root, folder)))
    .map((path) =>
      readSource(relative(root, path).split(sep).join("/"), readFileSync(path, "utf8")),
    )
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

export function readSource(path: string, text: string): SourceFile {
  const program = parseSync(path, text).program as unknown as AstNode;
  const isTest =
    /\.(test|fuzz|bench)\.tsx?$/.test(path) || /(^|\/)(testkit|test|bench)\//.test(path);
  return { path, text, isTest, program };
}

function listFiles(folder: string): string[] {
  let entries: import("node:fs").Dirent[];
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch {
    return []; // a folder that its issue has not brought yet
  }
  return entries.flatMap((entry) => {
    if (SKIPPED.has(entry.name)) return [];
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return listFiles(path);
    return /\.tsx?$/.test(entry.name) && !entry.name.endsWith(".d.ts") ? [path] : [];
  });
}

export function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}

/** Calls `visit` for every node, parents first. */
export function walk(node: AstNode, visit: (node: AstNode) => void): void {
  visit(node);
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) {
      if (isNode(child)) walk(child, visit);
    }
  }
}

function isNode(value: unknown): value is AstNode {
  return typeof value === "object" && value !== null && typeof (value as AstNode).type === "string";
}

/** Files of file discovery, from the disk. */
import { readdir, readFile, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { TextTest } from "../../model/index.ts";
import { compileTest, RegexError } from "../../model/index.ts";
import type { DiscoveryFile, DiscoveryFiles } from "../discovery/discovery.ts";

export function createDiscoveryFiles(): DiscoveryFiles {
  return { list, read: (path) => readFile(path, "utf8") };
}

async function list(pattern: string): Promise<DiscoveryFile[]> {
  const name = basename(pattern);
  if (!/[*?[]/.test(name)) return describe([pattern]);
  const dir = dirname(pattern);
  const matches = globTest(name);
  const names = await readdir(dir).catch(() => []); // not there (yet): no files
  return describe(names.filter(matches).map((match) => join(dir, match)));
}

async function describe(paths: readonly string[]): Promise<DiscoveryFile[]> {
  const files: DiscoveryFile[] = [];
  for (const path of [...paths].sort()) {
    const stats = await stat(path).catch(() => undefined);
    if (!stats?.isFile()) continue;
    // The change time moves with content and with permissions, which may be what was wrong.
    files.push({ path, version: `${stats.ino}:${stats.size}:${stats.ctimeMs}` });
  }
  return files;
}

/** Go's filepath.Match for one path element: `*`, `?` and `[a-z]`; a glob that is none matches nothing. */
function globTest(glob: string): TextTest {
  const pattern = glob.replace(/\*|\?|\[\^?[^\]]*\]|[^*?[]+|\[/g, (token) => {
    if (token === "*") return "[^/]*";
    if (token === "?") return "[^/]";
    if (token.length > 1 && token.startsWith("[")) return token.replaceAll("\\", "\\\\");
    return token.replace(/[\\^$.|+(){}[\]]/g, "\\$&");
  });
  try {
    return compileTest(pattern);
  } catch (error) {
    if (error instanceof RegexError) return () => false;
    throw error;
  }
}

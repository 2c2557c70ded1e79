import { readFileSync, statSync } from "node:fs";
import { isAbsolute, relative, resolve } from "node:path";
import { globSync } from "tinyglobby";
import type { Source } from "../std/index.ts";
import { SourceError } from "../std/index.ts";

/** Reads files once and remembers every path it touched. */
export class FileReader {
  readonly #paths = new Set<string>();
  readonly #patterns = new Set<string>();

  /** undefined, with the reason in `faults`, when it cannot be read. */
  read(path: string, faults: SourceError[], bytesMax = Infinity): Source | undefined {
    this.watch(path);
    const name = displayPath(path);
    try {
      const { size } = statSync(path);
      if (size > bytesMax) throw new Error(`it has ${size} bytes, at most ${bytesMax} are read`);
      return { name, text: readFileSync(path, "utf8") };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const options = { source: { name, text: "" }, span: { start: 0, end: 1 } };
      faults.push(
        new SourceError("server/unreadable", `Cannot read "${name}": ${reason}`, options),
      );
      return undefined;
    }
  }

  /** @throws what the file system says; loaders turn it into an error at the place that names the file */
  text(path: string): string {
    this.watch(path);
    return readFileSync(path, "utf8");
  }

  glob(pattern: string): string[] {
    this.#patterns.add(pattern);
    const found = globSync(pattern, {
      absolute: true,
      onlyFiles: true,
      dot: false,
      expandDirectories: false,
    });
    return found.map((path) => resolve(path)).sort();
  }

  watch(path: string): void {
    this.#paths.add(resolve(path));
  }

  paths(): string[] {
    return [...this.#paths, ...[...this.#patterns].flatMap((pattern) => this.glob(pattern))];
  }
}

/** Short where it lies below the working directory, as a person would type it. */
function displayPath(path: string): string {
  const fromHere = relative(process.cwd(), path);
  return fromHere.startsWith("..") || isAbsolute(fromHere) ? path : fromHere;
}

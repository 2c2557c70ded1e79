import { isAbsolute, join } from "node:path";
import type { Loaded, YamlFile, YamlPath } from "../../config/index.ts";
import { problemAt } from "../../config/index.ts";
import type { ReadContext } from "../../scrape/index.ts";
import type { SourceError } from "../../std/index.ts";

/** Gathers what is found wrong in one file while its settings are put together. */
export class FileReport implements ReadContext {
  readonly #file: YamlFile;
  readonly #dir: string;
  readonly #errors: SourceError[] = [];
  readonly #warnings: SourceError[];

  /** @param dir what relative paths in this file are relative to */
  constructor(file: YamlFile, dir: string, warnings: readonly SourceError[]) {
    this.#file = file;
    this.#dir = dir;
    this.#warnings = [...warnings];
  }

  readonly fail = (problem: string, path: YamlPath): void => {
    this.#errors.push(problemAt(this.#file, { code: "server/config", problem, path }));
  };

  readonly warn = (problem: string, path: YamlPath): void => {
    this.#warnings.push(problemAt(this.#file, { code: "server/config-doubt", problem, path }));
  };

  readonly resolve = (path: string): string =>
    path === "" || isAbsolute(path) ? path : join(this.#dir, path);

  /** The same, for a reader that gives paths within a section. */
  at(...base: YamlPath): ReadContext {
    return {
      resolve: this.resolve,
      fail: (problem, path) => this.fail(problem, [...base, ...path]),
    };
  }

  /** Takes over what was found in a file that this one includes. */
  include({ errors, warnings }: Omit<Loaded<unknown>, "value">): void {
    this.#errors.push(...errors);
    this.#warnings.push(...warnings);
  }

  conclude<T>(value: T): Loaded<T> {
    const isFine = this.#errors.length === 0;
    return {
      value: isFine ? value : undefined,
      errors: this.#errors,
      warnings: this.#warnings,
    };
  }
}

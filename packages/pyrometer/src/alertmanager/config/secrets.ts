/**
 * Reads what a file keeps in other files: keys, tokens, certificates. They are read when the
 * configuration is, and again at each reload.
 */

/** @throws what the disk throws */
export type ReadFile = (path: string) => string;

/** Collects why an integration cannot work, so that it is left out with its reasons. */
export class SecretReader {
  readonly #readFile: ReadFile | undefined;
  readonly #reasons: string[] = [];

  constructor(readFile: ReadFile | undefined) {
    this.#readFile = readFile;
  }

  /** A reader with a record of its own. */
  fresh(): SecretReader {
    return new SecretReader(this.#readFile);
  }

  get reasons(): readonly string[] {
    return this.#reasons;
  }

  /** The text, else the content of the file; undefined when neither is given or to be had. */
  either(text: string | undefined, path: string | undefined): string | undefined {
    if (text !== undefined && text !== "") return text;
    return this.file(path)?.trim();
  }

  file(path: string | undefined): string | undefined {
    if (path === undefined || path === "") return undefined;
    if (this.#readFile === undefined) {
      this.#reasons.push(`Cannot read "${path}": files are not read here`);
      return undefined;
    }
    try {
      return this.#readFile(path);
    } catch (error) {
      // Whatever the disk says: the integration is left out, and its reason shown.
      const { code, message } = error as { readonly code?: string; readonly message?: string };
      this.#reasons.push(`Cannot read "${path}": ${code ?? message ?? "unknown"}`);
      return undefined;
    }
  }
}

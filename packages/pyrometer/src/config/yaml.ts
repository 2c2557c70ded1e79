/**
 * Reads YAML into plain values and remembers where each stood.
 *
 * Scalars stay texts ("yes", "1.0", "0x10" as written): what a text means is the field's business,
 * as in Go, where a label value may be written `1` and a regex `5.`. A bare `null`, `~` or nothing
 * is null.
 */
import type { Alias, Node, Pair, Scalar, YAMLMap, YAMLSeq } from "yaml";
import { isAlias, isMap, isPair, isScalar, isSeq, parseDocument } from "yaml";
import type { Source, Span } from "../std/index.ts";
import { SourceError } from "../std/index.ts";
import { FILE_BYTES_MAX, NODES_PER_FILE_MAX } from "./limits.ts";

export type YamlValue = null | string | YamlValue[] | { [key: string]: YamlValue };

export type YamlPath = readonly PropertyKey[];

export interface YamlFile {
  readonly source: Source;
  readonly value: YamlValue;
  /** Broken YAML and keys given twice. With any of them `value` is what could be read. */
  readonly errors: readonly SourceError[];
  /** Those of `errors` that are about a key given twice, with the path of the key. */
  readonly duplicates: readonly { readonly path: YamlPath; readonly error: SourceError }[];
  /** Where the value at `path` stands; the nearest thing around it when there is none. */
  spanOf(path: YamlPath): Span;
  /** Where the key at the end of `path` stands. */
  keySpanOf(path: YamlPath): Span;
}

const WHOLE_FILE: Span = { start: 0, end: 1 };

/** Never throws for what is in the text: see `errors`. */
export function parseYaml(source: Source): YamlFile {
  if (source.text.length > FILE_BYTES_MAX) {
    const problem = `Cannot read the file: it has ${source.text.length} bytes, at most ${FILE_BYTES_MAX} are read`;
    const error = new SourceError("config/too-large", problem, { source, span: WHOLE_FILE });
    return new ParsedYaml(source).with(null, [error]);
  }
  const document = parseDocument(source.text, {
    schema: "failsafe",
    uniqueKeys: false,
    logLevel: "silent",
    prettyErrors: false,
    resolveKnownTags: false,
  });
  const parsed = new ParsedYaml(source);
  const errors = document.errors.map(
    (error) =>
      new SourceError("config/yaml", `Cannot parse YAML: ${error.message.trim()}`, {
        source,
        span: { start: error.pos[0], end: Math.max(error.pos[1], error.pos[0] + 1) },
      }),
  );
  const value = parsed.read(document.contents as Node | null, [], (alias) =>
    alias.resolve(document),
  );
  return parsed.with(value, errors);
}

interface Place {
  readonly value: Span;
  readonly key: Span | undefined;
}

type ResolveAlias = (alias: Alias) => Node | undefined;

class ParsedYaml implements YamlFile {
  readonly source: Source;
  value: YamlValue = null;
  errors: SourceError[] = [];
  readonly duplicates: { readonly path: YamlPath; readonly error: SourceError }[] = [];
  readonly #places = new Map<string, Place>();
  #nodeCount = 0;

  constructor(source: Source) {
    this.source = source;
  }

  with(value: YamlValue, errors: readonly SourceError[]): this {
    this.value = value;
    this.errors = [...errors, ...this.errors];
    return this;
  }

  read(node: Node | null, path: YamlPath, resolve: ResolveAlias): YamlValue {
    if (++this.#nodeCount > NODES_PER_FILE_MAX) {
      if (this.#nodeCount === NODES_PER_FILE_MAX + 1) {
        this.#fail(
          "too-large",
          `Cannot read the file: more than ${NODES_PER_FILE_MAX} values`,
          WHOLE_FILE,
        );
      }
      return null;
    }
    if (node === null || node === undefined) return null;
    this.#remember(path, { value: spanOfNode(node) });
    if (isAlias(node)) return this.read((resolve(node) as Node | undefined) ?? null, path, resolve);
    if (isMap(node)) return this.#readMap(node as YAMLMap, path, resolve);
    if (isSeq(node)) {
      return (node as YAMLSeq).items.map((item, i) =>
        this.read(item as Node, [...path, i], resolve),
      );
    }
    return isScalar(node) ? readScalar(node) : null;
  }

  #readMap(map: YAMLMap, path: YamlPath, resolve: ResolveAlias): YamlValue {
    const result: { [key: string]: YamlValue } = Object.create(null);
    const own = new Set<string>();
    for (const pair of map.items as Pair<Node, Node>[]) {
      if (!isPair(pair)) continue;
      const key = isScalar(pair.key) ? (readScalar(pair.key) ?? "") : "";
      const keySpan = pair.key ? spanOfNode(pair.key as Node) : WHOLE_FILE;
      if (key === "<<") {
        const merged = this.read(pair.value ?? null, path, resolve);
        for (const from of Array.isArray(merged) ? merged : [merged]) {
          if (from === null || typeof from !== "object" || Array.isArray(from)) continue;
          for (const [name, value] of Object.entries(from))
            if (!own.has(name)) result[name] = value;
        }
        continue;
      }
      if (own.has(key)) {
        this.#fail("duplicate-key", `field ${key} already set in this section`, keySpan);
        this.duplicates.push({ path: [...path, key], error: this.errors.at(-1)! });
        continue;
      }
      own.add(key);
      result[key] = this.read(pair.value ?? null, [...path, key], resolve);
      this.#remember([...path, key], { key: keySpan });
    }
    return { ...result };
  }

  spanOf(path: YamlPath): Span {
    const place = this.#nearest(path);
    return place?.value ?? WHOLE_FILE;
  }

  keySpanOf(path: YamlPath): Span {
    const place = this.#nearest(path);
    return place?.key ?? place?.value ?? WHOLE_FILE;
  }

  #fail(code: string, problem: string, span: Span): void {
    this.errors.push(new SourceError(`config/${code}`, problem, { source: this.source, span }));
  }

  #remember(path: YamlPath, place: Partial<Place>): void {
    const id = pathId(path);
    const known = this.#places.get(id);
    const key = place.key ?? known?.key;
    this.#places.set(id, { value: known?.value ?? place.value ?? key ?? WHOLE_FILE, key });
  }

  #nearest(path: YamlPath): Place | undefined {
    for (let length = path.length; length >= 0; length--) {
      const place = this.#places.get(pathId(path.slice(0, length)));
      if (place) return place;
    }
    return undefined;
  }
}

function pathId(path: YamlPath): string {
  return path.map(String).join("\u0000");
}

function spanOfNode(node: Node): Span {
  const [start = 0, valueEnd = start] = node.range ?? [];
  return { start, end: Math.max(valueEnd, start + 1) };
}

const BINARY_TAG = "tag:yaml.org,2002:binary";

/**
 * Base64. Bytes that are no UTF-8 become lone surrogates U+DC80–U+DCFF, which no valid name or
 * value holds, so that whoever checks one refuses it and can still say which byte it was.
 */
function decodeBinary(text: string): string {
  const bytes = Buffer.from(text, "base64");
  const decoded = bytes.toString("utf8");
  if (Buffer.from(decoded, "utf8").equals(bytes)) return decoded;
  return Array.from(bytes, (byte) => String.fromCharCode(byte < 0x80 ? byte : 0xdc00 + byte)).join(
    "",
  );
}

function readScalar(node: Scalar): string | null {
  const text = String(node.value ?? "");
  if (node.tag === BINARY_TAG) return decodeBinary(text);
  const isPlain = node.type === "PLAIN" || node.type === undefined;
  const isNull = isPlain && /^(|~|null|Null|NULL)$/.test(text) && node.tag === undefined;
  return isNull ? null : text;
}

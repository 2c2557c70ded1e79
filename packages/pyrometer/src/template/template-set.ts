/**
 * The room's door: texts in, a set of named templates out, ready to run any number of times.
 */
import type { Source } from "../std/index.ts";
import { assert, SourceError } from "../std/index.ts";
import type { ListNode } from "./ast.ts";
import { builtins } from "./builtins.ts";
import type { Functions, MissingKey, Template } from "./executor.ts";
import { execute } from "./executor.ts";
import { TemplateSyntaxError } from "./lexer.ts";
import type { TemplateLimits } from "./limits.ts";
import { DEFAULT_LIMITS, PARSED_TEXTS_MAX } from "./limits.ts";
import { parse } from "./parser.ts";
import type { TemplateValue } from "./value.ts";

export interface TemplateOptions {
  /** What texts may call, besides Go's own. */
  readonly functions: Functions;
  /**
   * What a missing key of a map gives: "zero", the default, is "" in a map of texts (both
   * Prometheus and Alertmanager set it); "default" prints `<no value>`; "error" ends the run.
   */
  readonly missingKey?: MissingKey;
  /** Variables that texts find declared, without their dollar; execute() gives their values. */
  readonly variables?: readonly string[];
}

export interface ExecuteOptions {
  readonly limits?: Partial<TemplateLimits>;
  readonly signal?: AbortSignal | undefined;
  readonly variables?: Readonly<Record<string, TemplateValue>>;
  /** Take the place of functions of the same names for this run: `query` at this moment. */
  readonly functions?: Functions;
}

export interface TemplateSet {
  has(name: string): boolean;
  /** @throws {TemplateError} also when there is no template of this name */
  execute(name: string, data: TemplateValue, options?: ExecuteOptions): Promise<string>;
  /**
   * Parses and runs a text that may use the set's templates. Parsed texts are remembered.
   * @throws {SourceError} when the text does not parse
   * @throws {TemplateError}
   */
  executeText(source: Source, data: TemplateValue, options?: ExecuteOptions): Promise<string>;
  /** What is wrong with a text, without running it. */
  checkText(source: Source): readonly SourceError[];
}

/**
 * Parses texts into one set. A text is a template named like its source; what it defines joins
 * the set, a later definition of a name taking the place of an earlier one.
 *
 * Collects one error per text: behind its first fault a template's structure is anyone's guess.
 */
export function parseTemplates(
  sources: readonly Source[],
  options: TemplateOptions,
): { readonly templates: TemplateSet | undefined; readonly errors: readonly SourceError[] } {
  const templates = new Map<string, Template>();
  const errors: SourceError[] = [];
  for (const source of sources) {
    const parsed = parseSource(source, options);
    if (parsed instanceof SourceError) errors.push(parsed);
    else for (const template of parsed) templates.set(template.name, template);
  }
  return { templates: errors.length > 0 ? undefined : new ParsedSet(templates, options), errors };
}

/** The text's own template first, then those it defines. */
function parseSource(source: Source, options: TemplateOptions): Template[] | SourceError {
  const { functions, variables = [] } = options;
  const hasFunction = (name: string) =>
    Object.hasOwn(functions, name) || Object.hasOwn(builtins, name) || SPECIAL.has(name);
  try {
    const { root, defined } = parse(source.text, { hasFunction, variables });
    const own: [string, ListNode] = [source.name, root];
    return [own, ...defined].map(([name, list]) => ({ name, source, root: list }));
  } catch (error) {
    if (!(error instanceof TemplateSyntaxError)) throw error;
    const { at, end, code, message } = error;
    return new SourceError(code, message, { source, span: { start: at, end } });
  }
}

/** Known to the executor: they do not evaluate all their arguments, or take a function. */
const SPECIAL = new Set(["and", "or", "call"]);

class ParsedSet implements TemplateSet {
  readonly #templates: ReadonlyMap<string, Template>;
  readonly #options: TemplateOptions;
  /** Texts already parsed, by name and text, least recently used first. */
  readonly #texts = new Map<string, readonly Template[] | SourceError>();

  constructor(templates: ReadonlyMap<string, Template>, options: TemplateOptions) {
    this.#templates = templates;
    this.#options = options;
  }

  has(name: string): boolean {
    return this.#templates.has(name);
  }

  async execute(name: string, data: TemplateValue, options?: ExecuteOptions): Promise<string> {
    const template = this.#templates.get(name);
    if (template) return this.#run(template, this.#templates, { data, options });
    // As Go: the missing template is found out by running a reference to it.
    const text = `{{template ${JSON.stringify(name)} .}}`;
    return this.executeText({ name: "", text }, data, options);
  }

  async executeText(
    source: Source,
    data: TemplateValue,
    options?: ExecuteOptions,
  ): Promise<string> {
    const parsed = this.#parseText(source);
    if (parsed instanceof SourceError) throw parsed;
    const [own, ...defined] = parsed;
    assert(own !== undefined, "BUG: a parsed text has no template of its own");
    const templates =
      defined.length === 0
        ? this.#templates
        : new Map([...this.#templates, ...defined.map((one) => [one.name, one] as const)]);
    return this.#run(own, templates, { data, options });
  }

  checkText(source: Source): readonly SourceError[] {
    const parsed = this.#parseText(source);
    return parsed instanceof SourceError ? [parsed] : [];
  }

  #parseText(source: Source): readonly Template[] | SourceError {
    const key = `${source.name}\0${source.text}`;
    const known = this.#texts.get(key);
    const parsed = known ?? parseSource(source, this.#options);
    this.#texts.delete(key);
    this.#texts.set(key, parsed);
    if (this.#texts.size > PARSED_TEXTS_MAX) {
      const [oldest] = this.#texts.keys();
      if (oldest !== undefined) this.#texts.delete(oldest);
    }
    return parsed;
  }

  #run(
    template: Template,
    templates: ReadonlyMap<string, Template>,
    { data, options }: { data: TemplateValue; options: ExecuteOptions | undefined },
  ): Promise<string> {
    return execute(template, data, {
      templates,
      functions: this.#options.functions,
      ownFunctions: options?.functions ?? {},
      missingKey: this.#options.missingKey ?? "zero",
      limits: options?.limits ? { ...DEFAULT_LIMITS, ...options.limits } : DEFAULT_LIMITS,
      signal: options?.signal,
      variables: options?.variables ?? {},
    });
  }
}

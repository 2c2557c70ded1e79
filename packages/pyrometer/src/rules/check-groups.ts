/** What rulefmt checks across a file's fields, with its messages: users search for them. */
import type { YamlFile, YamlPath } from "../config/index.ts";
import { problemAt } from "../config/index.ts";
import { isUtf8Name, METRIC_NAME } from "../model/index.ts";
import type { LanguageFeatures } from "../promql/index.ts";
import { parseQuery } from "../promql/index.ts";
import { SourceError } from "../std/index.ts";
import { parseAlertTemplate } from "./alert-template.ts";
import { RULES_PER_FILE_MAX } from "./limits.ts";
import { placeInScalar } from "./scalar-place.ts";
import type { GroupSection, RuleSection } from "./sections.ts";

export interface Faults {
  readonly errors: readonly SourceError[];
  readonly warnings: readonly SourceError[];
}

export function checkGroups(
  file: YamlFile,
  groups: readonly GroupSection[],
  language?: LanguageFeatures,
): Faults {
  const errors: SourceError[] = [];
  const warnings: SourceError[] = [];
  const report = (path: YamlPath, kind: string, problem: string) =>
    errors.push(problemAt(file, { code: `rules/${kind}`, problem, path }));

  const names = new Set<string>();
  let ruleCount = 0;
  for (const [index, group] of groups.entries()) {
    const path = ["groups", index];
    const name = group.name ?? "";
    if (name === "") report(path, "group-name", "Groupname must not be empty");
    if (names.has(name)) {
      const problem = `groupname: ${JSON.stringify(name)} is repeated in the same file`;
      report([...path, "name"], "duplicate-group", problem);
    }
    names.add(name);
    for (const label of Object.keys(group.labels ?? {})) {
      if (isLabelName(label)) continue;
      const problem = `group ${JSON.stringify(name)}: invalid label name: ${label}`;
      const labelPath = [...path, "labels", label];
      const options = { code: "rules/label-name", problem, path: labelPath, isAboutKey: true };
      errors.push(problemAt(file, options));
    }
    ruleCount += group.rules?.length ?? 0;
    const checked = checkRules(file, group, { groupPath: path, language });
    errors.push(...checked.errors);
    warnings.push(...checked.warnings);
  }
  if (ruleCount > RULES_PER_FILE_MAX) {
    const problem = `Cannot load the file: it has ${ruleCount} rules, at most ${RULES_PER_FILE_MAX} are read`;
    report(["groups"], "too-many", problem);
  }
  return { errors, warnings };
}

interface CheckOptions {
  readonly groupPath: YamlPath;
  readonly language: LanguageFeatures | undefined;
}

function checkRules(
  file: YamlFile,
  group: GroupSection,
  { groupPath, language }: CheckOptions,
): Faults {
  const errors: SourceError[] = [];
  const warnings: SourceError[] = [];
  const seen = new Set<string>();
  for (const [index, rule] of (group.rules ?? []).entries()) {
    const path = [...groupPath, "rules", index];
    const title = rule.record || rule.alert || "";
    const where = `group ${JSON.stringify(group.name)}, rule ${index + 1}, ${JSON.stringify(title)}: `;
    errors.push(...new RuleChecker(file, { path, where, language }).check(rule));
    const id = JSON.stringify([rule.record ?? "", rule.alert ?? "", rule.labels ?? {}, rule.expr]);
    if (seen.has(id)) {
      const problem = `${where}duplicate rule: the same name, labels and expression stand above`;
      warnings.push(problemAt(file, { code: "rules/duplicate-rule", problem, path }));
    }
    seen.add(id);
  }
  return { errors, warnings };
}

function isLabelName(name: string): boolean {
  return isUtf8Name(name) && name !== METRIC_NAME;
}

interface RuleOptions extends Pick<CheckOptions, "language"> {
  readonly path: YamlPath;
  /** Begins every message. */
  readonly where: string;
}

class RuleChecker {
  readonly #file: YamlFile;
  readonly #path: YamlPath;
  readonly #where: string;
  readonly #language: LanguageFeatures | undefined;
  readonly #errors: SourceError[] = [];

  constructor(file: YamlFile, { path, where, language }: RuleOptions) {
    this.#file = file;
    this.#language = language;
    this.#path = path;
    this.#where = where;
  }

  check(rule: RuleSection): readonly SourceError[] {
    this.#checkKind(rule);
    this.#checkExpr(rule.expr ?? "");
    if (rule.record) this.#checkRecording(rule);
    this.#checkNames(rule);
    if (rule.alert) {
      this.#checkTemplates("label", rule, "labels");
      this.#checkTemplates("annotation", rule, "annotations");
    }
    return this.#errors;
  }

  #report(field: string | undefined, kind: string, problem: string): void {
    const path = field === undefined ? this.#path : [...this.#path, field];
    const options = { code: `rules/${kind}`, problem: this.#where + problem, path };
    this.#errors.push(problemAt(this.#file, options));
  }

  #reportKey(fields: readonly string[], kind: string, problem: string): void {
    const path = [...this.#path, ...fields];
    const options = { code: `rules/${kind}`, problem: this.#where + problem, path };
    this.#errors.push(problemAt(this.#file, { ...options, isAboutKey: true }));
  }

  #checkKind({ record = "", alert = "" }: RuleSection): void {
    if (record !== "" && alert !== "") {
      this.#report("record", "kind", "only one of 'record' and 'alert' must be set");
    }
    if (record === "" && alert === "") {
      this.#report(undefined, "kind", "one of 'record' or 'alert' must be set");
    }
  }

  #checkExpr(expr: string): void {
    if (expr.trim() === "") {
      return this.#report("expr", "expr", "field 'expr' must be set in rule");
    }
    const { errors } = parseQuery({ name: "<expr>", text: expr }, this.#language);
    for (const error of errors) {
      this.#replace(error, "could not parse expression: parse error", {
        field: ["expr"],
        text: expr,
      });
    }
  }

  #checkRecording(rule: RuleSection): void {
    const { record = "" } = rule;
    if (rule.annotations && Object.keys(rule.annotations).length > 0) {
      this.#report("annotations", "field", "invalid field 'annotations' in recording rule");
    }
    if (rule.for) this.#report("for", "field", "invalid field 'for' in recording rule");
    if (rule.keep_firing_for) {
      const problem = "invalid field 'keep_firing_for' in recording rule";
      this.#report("keep_firing_for", "field", problem);
    }
    if (/[{}]/.test(record)) {
      const problem = `braces present in the recording rule name; should it be in expr?: ${record}`;
      this.#report("record", "record-name", problem);
    } else if (!isUtf8Name(record)) {
      this.#report("record", "record-name", `invalid recording rule name: ${record}`);
    }
  }

  #checkNames({ labels = {}, annotations = {} }: RuleSection): void {
    for (const name of Object.keys(labels)) {
      if (isLabelName(name)) continue;
      this.#reportKey(["labels", name], "label-name", `invalid label name: ${name}`);
    }
    for (const name of Object.keys(annotations)) {
      if (isUtf8Name(name)) continue;
      const problem = `invalid annotation name: ${name}`;
      this.#reportKey(["annotations", name], "annotation-name", problem);
    }
  }

  #checkTemplates(what: string, rule: RuleSection, field: "labels" | "annotations"): void {
    for (const [name, text] of Object.entries(rule[field] ?? {})) {
      const { errors } = parseAlertTemplate(rule.alert ?? "", text);
      for (const error of errors) {
        this.#replace(error, `${what} ${JSON.stringify(name)}`, { field: [field, name], text });
      }
    }
  }

  /** The same error, told at its place in the file. */
  #replace(
    error: SourceError,
    about: string,
    { field, text }: { field: readonly string[]; text: string },
  ): void {
    const path = [...this.#path, ...field];
    const span = placeInScalar(this.#file, path, { text, within: error.span });
    const problem = `${this.#where}${about}: ${error.problem}`;
    const { code, hint } = error;
    this.#errors.push(new SourceError(code, problem, { source: this.#file.source, span, hint }));
  }
}

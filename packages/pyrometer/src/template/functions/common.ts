/** Pure functions that Prometheus and Alertmanager both offer to templates. */
import type { Search } from "../../model/index.ts";
import { compileSearch, RegexError } from "../../model/index.ts";
import { FunctionError } from "../errors.ts";
import { SafeText } from "../safe-text.ts";
import type { TemplateFunction } from "../value.ts";
import { humanizeDuration } from "./humanize.ts";
import { takes } from "./takes.ts";

export const commonFunctions: Readonly<Record<string, TemplateFunction>> = {
  humanizeDuration: takes(["number"], humanizeDuration),
  match: takes(["text", "text"], (pattern, text) => search(pattern).test(text)),
  reReplaceAll: takes(["text", "text", "text"], (pattern, template, text) =>
    search(pattern).replaceAll(text, template),
  ),
  safeHtml: takes(["text"], (text) => new SafeText(text)),
  toLower: takes(["text"], (text) => text.toLowerCase()),
  toUpper: takes(["text"], (text) => text.toUpperCase()),
};

/** Regexes in templates match anywhere. */
function search(pattern: string): Search {
  try {
    return compileSearch(pattern);
  } catch (error) {
    if (error instanceof RegexError) throw new FunctionError(error.message, { cause: error });
    throw error;
  }
}

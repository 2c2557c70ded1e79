/** Notification templates: our defaults, the user's files over them, and texts that use both. */
import type { Source, SourceError } from "../../std/index.ts";
import type { TemplateFunction, TemplateSet } from "../../template/index.ts";
import { createAlertmanagerFunctions, GoTime, parseTemplates } from "../../template/index.ts";
import type { Annotations } from "../alert.ts";
import type { NotificationData } from "./data.ts";
import { DEFAULT_TEMPLATES } from "./default-templates.ts";

export interface Renderer {
  /** @throws {TemplateError | SourceError} */
  render(text: string, data: NotificationData, routeLabels?: Annotations): Promise<string>;
}

export interface RendererOptions {
  readonly nowMs: () => number;
  /** The user's files, in the order they are to override each other. */
  readonly templates: readonly Source[];
}

/** The set, or what is wrong with the user's files. */
export function createRenderer({ nowMs, templates }: RendererOptions): {
  readonly renderer: Renderer | undefined;
  readonly errors: readonly SourceError[];
} {
  const parsed = parseTemplates([...DEFAULT_TEMPLATES, ...templates], {
    functions: functionsAt(nowMs),
  });
  const renderer = parsed.templates && { render: createRender(parsed.templates) };
  return { renderer, errors: parsed.errors };
}

/** What is wrong with a text of the configuration, without running it. */
export function checkTemplateText(text: string): readonly SourceError[] {
  const { templates } = parseTemplates([], { functions: functionsAt(() => 0) });
  return templates?.checkText({ name: "", text }) ?? [];
}

function functionsAt(nowMs: () => number): Readonly<Record<string, TemplateFunction>> {
  return {
    ...createAlertmanagerFunctions({ nowMs }),
    now: () => GoTime.fromMs(nowMs()),
    routeLabels: () => "",
  };
}

function createRender(set: TemplateSet): Renderer["render"] {
  return async (text, data, routeLabels = {}) => {
    if (!text.includes("{{")) return text; // most texts hold no template: nothing to run
    const ofRoute: TemplateFunction = (name) => routeLabels[String(name)] ?? "";
    const functions = { routeLabels: ofRoute };
    return set.executeText({ name: "", text }, data, { functions });
  };
}

/**
 * Fills templates all through a value of the file: texts and keys, however deep.
 *
 * A rendered text that is itself YAML for a number, a list or a mapping becomes that, so that
 * `{{ .Alerts | toJson }}` arrives as a list; a text stays a text.
 * Source: alertmanager template.DeepCopyWithTemplate
 */
import { parse } from "yaml";

export async function renderDeep(
  value: unknown,
  render: (text: string) => Promise<string>,
): Promise<unknown> {
  if (typeof value === "string") return fromRendered(await render(value));
  if (Array.isArray(value)) return Promise.all(value.map((item) => renderDeep(item, render)));
  if (typeof value !== "object" || value === null) return value;
  const rendered: Record<string, unknown> = {};
  for (const [key, field] of Object.entries(value)) {
    rendered[await render(key)] = await renderDeep(field, render);
  }
  return rendered;
}

function fromRendered(text: string): unknown {
  try {
    const value: unknown = parse(text, { logLevel: "silent", schema: "yaml-1.1" });
    return typeof value === "string" || value === undefined || value instanceof Date ? text : value;
  } catch {
    return text; // not YAML: then it is a text
  }
}

/**
 * The file as it may be shown: every secret is `<secret>`, addresses are expanded, comments are
 * gone, for people comment out what they replace. Still a file that amtool reads.
 */
import type { Node, Scalar } from "yaml";
import { isMap, isPair, isScalar, isSeq, parseDocument } from "yaml";
import type { YamlPath, YamlValue } from "../../config/index.ts";
import { SLACK_APP_URL } from "../receivers/slack/urls.ts";
import { SECRET_TOKEN } from "./checks.ts";
import { isSecret } from "./variables.ts";

/** @param expanded the file's value with its variables filled in */
export function redact(text: string, expanded: YamlValue): string {
  const document = parseDocument(text, {
    schema: "failsafe",
    uniqueKeys: false,
    logLevel: "silent",
  });
  document.commentBefore = null;
  document.comment = null;
  clean(document.contents as Node | null, [], expanded);
  return document.toString({ lineWidth: 0 });
}

function clean(node: Node | null, path: YamlPath, expanded: YamlValue | undefined): void {
  if (node === null || node === undefined) return;
  node.comment = null;
  node.commentBefore = null;
  if (isScalar(node)) return cleanScalar(node, path, expanded);
  if (isSeq(node)) {
    for (const [index, item] of node.items.entries()) {
      clean(item as Node, [...path, index], child(expanded, index));
    }
  }
  if (!isMap(node)) return;
  for (const pair of node.items) {
    if (!isPair(pair)) continue;
    const key = isScalar(pair.key) ? String(pair.key.value) : "";
    clean(pair.key as Node, [], undefined);
    clean(pair.value as Node | null, [...path, key], child(expanded, key));
  }
}

function cleanScalar(scalar: Scalar, path: YamlPath, expanded: YamlValue | undefined): void {
  if (scalar.value === "" || scalar.value === null) return;
  // Slack's own endpoint gives no access, and two checks depend on it.
  if (scalar.value !== SLACK_APP_URL && isSecret(path)) scalar.value = hide(path, expanded);
  else if (typeof expanded === "string") scalar.value = withoutPassword(expanded);
}

/**
 * A webhook's address keeps its host: amtool before 0.26 wants a URL there, and people want to see
 * which receiver it is.
 */
function hide(path: YamlPath, expanded: YamlValue | undefined): string {
  const isWebhook = path.at(-1) === "url" && path.includes("webhook_configs");
  if (!isWebhook || typeof expanded !== "string" || !URL.canParse(expanded)) return SECRET_TOKEN;
  return `${new URL(expanded).origin}/${SECRET_TOKEN}`;
}

/** An address may carry a password before its host; hidden as Go's URL.Redacted hides it. */
function withoutPassword(text: string): string {
  return text.replace(/^(https?:\/\/[^/:@]*):[^/@]*@/, "$1:xxxxx@");
}

function child(value: YamlValue | undefined, key: string | number): YamlValue | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  return (value as Readonly<Record<string | number, YamlValue>>)[key];
}

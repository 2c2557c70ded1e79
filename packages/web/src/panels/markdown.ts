/**
 * The little of markdown that dashboards use, into blocks; the page makes elements of them, so no
 * HTML of the author's ever exists. What is not understood stays text.
 */
export type Block =
  | { readonly kind: "heading"; readonly level: number; readonly spans: readonly Span[] }
  | {
      readonly kind: "list";
      readonly isOrdered: boolean;
      readonly items: readonly (readonly Span[])[];
    }
  | { readonly kind: "code"; readonly text: string }
  | { readonly kind: "rule" }
  | { readonly kind: "paragraph"; readonly spans: readonly Span[] };

export interface Span {
  readonly text: string;
  readonly style: "plain" | "strong" | "emphasis" | "code";
  /** http(s) only. */
  readonly href?: string;
}

export function parseMarkdown(text: string): Block[] {
  const blocks: Block[] = [];
  const lines = text.split(/\r?\n/);
  for (let at = 0; at < lines.length; ) {
    const [block, next] = readBlock(lines, at);
    if (block) blocks.push(block);
    at = next;
  }
  return blocks;
}

/** The block that begins at line `at`, and the line after it. */
function readBlock(lines: readonly string[], at: number): [Block | undefined, number] {
  const line = lines[at]!;
  if (line.trim() === "") return [undefined, at + 1];
  if (line.startsWith("```")) {
    const closing = lines.findIndex((other, i) => i > at && other.startsWith("```"));
    const end = closing < 0 ? lines.length : closing;
    return [{ kind: "code", text: lines.slice(at + 1, end).join("\n") }, end + 1];
  }
  const heading = /^(#{1,6})\s+(.*?)\s*#*$/.exec(line);
  if (heading) {
    return [{ kind: "heading", level: heading[1]!.length, spans: parseSpans(heading[2]!) }, at + 1];
  }
  if (/^\s*([-*_])(\s*\1){2,}\s*$/.test(line)) return [{ kind: "rule" }, at + 1];
  const item = LIST_ITEM.exec(line);
  const end = endOfRun(lines, at, item !== null);
  const run = lines.slice(at, end);
  if (!item) return [{ kind: "paragraph", spans: parseSpans(run.join(" ")) }, end];
  const items = run.map((one) => parseSpans(LIST_ITEM.exec(one)?.[2] ?? one));
  return [{ kind: "list", isOrdered: /\d/.test(item[1]!), items }, end];
}

const LIST_ITEM = /^\s*([-*+]|\d+[.)])\s+(.*)$/;

function endOfRun(lines: readonly string[], at: number, isList: boolean): number {
  let end = at + 1;
  while (end < lines.length) {
    const line = lines[end]!;
    if (line.trim() === "" || /^(#{1,6}\s|```)/.test(line)) break;
    if (LIST_ITEM.test(line) !== isList) break;
    end += 1;
  }
  return end;
}

const SPAN = /\*\*([^*]+)\*\*|__([^_]+)__|\*([^*]+)\*|`([^`]+)`|\[([^\]]+)\]\(([^)\s]+)[^)]*\)/g;

function parseSpans(text: string): Span[] {
  const spans: Span[] = [];
  let at = 0;
  for (const match of text.matchAll(SPAN)) {
    if (match.index > at) spans.push({ text: text.slice(at, match.index), style: "plain" });
    spans.push(toSpan(match));
    at = match.index + match[0].length;
  }
  if (at < text.length) spans.push({ text: text.slice(at), style: "plain" });
  return spans;
}

function toSpan([whole, strong, strong2, emphasis, code, link, href]: RegExpMatchArray): Span {
  if (code !== undefined) return { text: code, style: "code" };
  if (emphasis !== undefined) return { text: emphasis, style: "emphasis" };
  if (link === undefined) return { text: strong ?? strong2 ?? whole, style: "strong" };
  const isSafe = /^https?:\/\//i.test(href ?? "");
  return { text: link, style: "plain", ...(isSafe && { href: href! }) };
}

/**
 * URLs as Go's net/url reads them, as far as configuration files notice: it takes much that the
 * web's URL refuses ("localhost:9090", "30", no host at all), and files in use rely on that.
 */
import { text } from "./fields.ts";

export interface ParsedUrl {
  /** Lower case; "" when there is none. */
  readonly scheme: string;
  /** With port; "" when there is none. */
  readonly host: string;
}

/** Returns what is wrong in Go's words, for the caller to give a place. */
export function parseUrl(url: string): ParsedUrl | { readonly problem: string } {
  const refuse = (why: string) => ({ problem: `parse ${JSON.stringify(url)}: ${why}` });
  if (/\p{Cc}/u.test(url)) return refuse("net/url: invalid control character in URL");
  if (url.startsWith(":")) return refuse("missing protocol scheme");
  const [, scheme = "", rest = url] = /^([a-zA-Z][a-zA-Z0-9+.-]*):(.*)$/s.exec(url) ?? [];
  const isBareSegmentWithColon = scheme === "" && /^[^/?#]*:/.test(url);
  if (isBareSegmentWithColon) return refuse("first path segment in URL cannot contain colon");
  const authority = /^\/\/([^/?#]*)/.exec(rest)?.[1] ?? "";
  const host = authority.slice(authority.lastIndexOf("@") + 1);
  const port = /^(?:\[[^\]]*\]|[^:]*)(?::(.*))?$/.exec(host)?.[1] ?? "";
  if (!/^\d*$/.test(port)) return refuse(`invalid port ${JSON.stringify(`:${port}`)} after host`);
  if (/\s/.test(host)) return refuse('invalid character " " in host name');
  if (/%(?![0-9a-fA-F]{2})/.test(rest.replace(/[?#].*$/s, ""))) {
    return refuse("invalid URL escape");
  }
  return { scheme: scheme.toLowerCase(), host };
}

/** A URL; stays a text. */
export const url = () =>
  text().check((context) => {
    const parsed = parseUrl(context.value);
    if (!("problem" in parsed)) return;
    context.issues.push({ code: "custom", input: context.value, message: parsed.problem });
  });

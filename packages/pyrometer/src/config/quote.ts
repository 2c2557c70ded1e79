/**
 * Double-quoted as Go's %q prints it, for messages that quote a user. The lone surrogates that
 * stand for bytes which are no UTF-8 (see yaml.ts) come out as those bytes.
 */
export function quoted(text: string): string {
  return JSON.stringify(text)
    .replace(/\\udc([89a-f][0-9a-f])/g, "\\x$1")
    .replace(/\\u00([01][0-9a-f])/g, "\\x$1");
}

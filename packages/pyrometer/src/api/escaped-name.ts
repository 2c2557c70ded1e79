/**
 * Names in a URL path that are not plain ASCII words, as Prometheus 3 escapes them:
 * `U__` and then `__` for an underscore, `_2e_` for the character with that hexadecimal number.
 * Source: prometheus/common, model.UnescapeName with ValueEncodingEscaping
 */
import { isUtf8Name } from "../model/index.ts";

/** The name that `escaped`, which starts with U__, stands for; undefined when it is malformed. */
export function unescapeName(escaped: string): string | undefined {
  const rest = escaped.slice("U__".length);
  if (!/^(?:[^_]|__|_[0-9a-fA-F]{1,6}_)*$/u.test(rest)) return undefined;
  let isCodePoint = true;
  const name = rest.replace(/__|_([0-9a-fA-F]{1,6})_/g, (_, hex: string | undefined) => {
    if (hex === undefined) return "_";
    const point = Number.parseInt(hex, 16);
    if (point <= 0x10ffff) return String.fromCodePoint(point);
    isCodePoint = false;
    return "";
  });
  return isCodePoint && isUtf8Name(name) ? name : undefined;
}

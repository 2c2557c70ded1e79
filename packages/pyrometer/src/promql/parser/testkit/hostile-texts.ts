/** Texts nobody meant as a query: random bytes, and valid queries with something done to them. */
import type { Prng } from "../../../std/index.ts";

const BYTES_MAX = 120;
const decoder = new TextDecoder();
const encoder = new TextEncoder();

/** Random bytes read as UTF-8, as a request's would be; in every other, mostly PromQL's own. */
export function randomBytes(prng: Prng): string {
  const alphabet = " \n{}[]()=!~<>,\"'`\\#@:+-*/%^.0123456789aefinsuxby_é";
  const length = prng.below(BYTES_MAX);
  if (prng.below(2) === 0) {
    return decoder.decode(Uint8Array.from({ length }, () => prng.below(256)));
  }
  let text = "";
  for (let i = 0; i < length; i++) {
    text += prng.below(20) === 0 ? String.fromCharCode(prng.below(0x1_0000)) : pick(prng, alphabet);
  }
  return asSent(text);
}

/** Queries arrive as UTF-8, which has no half of a surrogate pair. */
function asSent(text: string): string {
  return decoder.decode(encoder.encode(text));
}

function pick(prng: Prng, alphabet: string): string {
  return alphabet[prng.below(alphabet.length)]!;
}

/** What grammars stumble over, put where it does not belong. */
const INSERTIONS = [
  ..."()[]{},:@#\"'`\\\0",
  " offset ",
  " @ ",
  "[5m]",
  "[1h:]",
  "{a=~",
  " by (",
  " group_left ",
  " bool ",
  "0x",
  "1e",
  "5m1m",
  "\\u00",
  "\ud800",
  "-",
  "((((((((((",
  "))))))))))",
];

/** One to four cuts, repeats, insertions, or splices with another valid query. */
export function mutate(prng: Prng, queries: readonly string[]): string {
  let text = prng.pick(queries);
  for (let edits = 1 + prng.below(4); edits > 0; edits--) text = edit(prng, text, queries);
  return asSent(text);
}

function edit(prng: Prng, text: string, queries: readonly string[]): string {
  const from = prng.below(text.length + 1);
  const to = from + prng.below(Math.min(20, text.length - from) + 1);
  const cut = text.slice(from, to);
  switch (prng.below(5)) {
    case 0:
      return text.slice(0, from) + text.slice(to);
    case 1:
      return text.slice(0, from) + cut.repeat(1 + prng.below(30)) + text.slice(to);
    case 2:
      return text.slice(0, from) + prng.pick(INSERTIONS) + text.slice(from);
    case 3: {
      const other = prng.pick(queries);
      return text.slice(0, from) + other.slice(prng.below(other.length + 1));
    }
    default:
      return text.slice(0, from) + randomBytes(prng).slice(0, 3) + text.slice(to);
  }
}

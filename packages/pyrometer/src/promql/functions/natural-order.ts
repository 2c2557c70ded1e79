import { compareText } from "../../std/index.ts";

/** Orders texts as people do: "cpu2" before "cpu10". Runs of digits compare as numbers. */
export function compareNatural(a: string, b: string): number {
  if (a === b) return 0;
  const chunksA = a.match(CHUNK) ?? [];
  const chunksB = b.match(CHUNK) ?? [];
  const length = Math.min(chunksA.length, chunksB.length);
  for (let i = 0; i < length; i++) {
    const order = compareChunk(chunksA[i]!, chunksB[i]!);
    if (order !== 0) return order;
  }
  return chunksA.length - chunksB.length || compareText(a, b);
}

const CHUNK = /\d+|\D+/g;

function compareChunk(a: string, b: string): number {
  const isDigits = /^\d/.test(a) && /^\d/.test(b);
  if (!isDigits) return compareText(a, b);
  const shortA = a.replace(/^0+(?=\d)/, "");
  const shortB = b.replace(/^0+(?=\d)/, "");
  return shortA.length - shortB.length || compareText(shortA, shortB);
}
